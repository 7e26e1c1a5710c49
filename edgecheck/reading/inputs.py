"""What a caller gives, in any of its forms, becomes certificates and a list of damage.

Nothing is dropped in silence: each piece of the input is a certificate, or a `Problem`
that says what it was and where.
"""

from collections.abc import Sequence
from functools import cache
from operator import attrgetter, is_
from typing import TYPE_CHECKING, Any, NamedTuple

from edgecheck.reading.certificate import Certificate, Origin
from edgecheck.reading.containers import NAMES, fitting_end, instead, is_der, other_object, store_of
from edgecheck.reading.loading import recall
from edgecheck.reading.pem import Block, Scan, scan
from edgecheck.reading.problems import OTHER_FORM, TRAILING, Problem
from edgecheck.reading.secrets import shown_label
from edgecheck.reading.sources import Source, der_of, sources

if TYPE_CHECKING:
    from edgecheck.reading.forms.meant import Form
    from edgecheck.reading.transcript_verdicts import Spoken

CERTIFICATE_LABELS = {"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"}
_WORDS = {"pkcs7": "PKCS#7", "pkcs12": "PKCS#12", **NAMES}
_SPOILING = {"bad-base64", "truncated-base64", "missing-end", "header-lines", "cut-out"}
"""Damage of a block that explains by itself why there is no certificate in it."""
_MARKERS = {"broken-marker", "end-without-begin"}
"""Damage of a text that has no block, and yet was meant to have one."""


class Presentation(NamedTuple):
    """The certificates in the order given, duplicates included as the same object."""

    sequence: tuple[Certificate, ...]
    origins: tuple[Origin, ...]
    problems: tuple[Problem, ...]
    transcript: bool = False
    spoken: "tuple[Spoken, ...]" = ()
    """What the programs said that took transcripts, in the order of the input."""
    keyed: Certificate | None = None  # the one that belongs to the key of a container
    before: tuple[Problem, ...] = ()  # what stands before the first certificate
    names: tuple[str, ...] = ()
    """Under which names sources were given, each once; bytes have none."""


_DER = attrgetter("der")
_TRIES = 20
"""PKCS#12 containers that are opened for one report: passwords are made to take time."""


class Reader:
    """Reads everything that belongs to one report; equal DER gives the same object."""

    def __init__(
        self,
        interned: dict[bytes, Certificate],
        limit_bytes: int,
        limit: int,
        password: bytes | None = None,
    ) -> None:
        """Start with certificates read before, bounds on bytes and certificates, a password."""
        self.interned = interned
        self.limit_bytes = limit_bytes
        self.limit = limit
        self.password = password
        self.tries = _TRIES
        self._spoken: list[Spoken] = []
        self._keyed: Certificate | None = None
        self._before: int | None = None

    def read(self, given: Any, argument: str, default: str = "<input>") -> Presentation:
        """Read one argument of `check()`.

        Raises:
            TypeError: something that is no bytes, text or certificate, or a path.
        """
        sequence: list[Certificate] = []
        origins: list[Origin] = []
        problems: list[Problem] = []
        names: list[str] = []
        transcript, self._keyed, self._before = False, None, None
        self._spoken = []
        for source in sources(given, argument, default):
            if isinstance(source, Source):
                transcript |= self._source(source, sequence, origins, problems)
                if source.name != default:
                    names.append(source.name)
            else:
                self._add(der_of(source), default, (None, None), sequence, origins, problems)
        return Presentation(
            tuple(sequence),
            tuple(origins),
            tuple(problems),
            transcript,
            tuple(self._spoken),
            self._keyed,
            tuple(problems[: self._before]),
            tuple(dict.fromkeys(names)),
        )

    def knows(self, certificates: Sequence[Certificate]) -> bool:
        """Whether these are the objects that it gives for their bytes, be it from now on."""
        found = map(self.interned.setdefault, map(_DER, certificates), certificates)
        return all(map(is_, found, certificates))  # of a system's store, for each of its chains

    def _source(
        self,
        source: Source,
        sequence: list[Certificate],
        origins: list[Origin],
        problems: list[Problem],
    ) -> bool:
        data, name = source.data, source.name
        if source.single:
            self._add(data, name, (None, None), sequence, origins, problems)
            return False
        if len(data) > self.limit_bytes:
            detail = f"{len(data)} bytes, {self.limit_bytes} read"
            problems.append(Problem("too-large", name, None, None, detail))
            from edgecheck.reading.remains import whole_blocks

            data = whole_blocks(data[: self.limit_bytes])
            if not data:
                return False
        if is_der(data):
            self._ders(data, name, sequence, origins, problems)
            return False
        if data[:1] != b"-" and (kind := store_of(data)):
            self._container(kind, data, name, (None, None), sequence, origins, problems, "")
            return False
        found = scan(data)
        forms: tuple[Form, ...] = ()
        unread = False
        if found.damages or not found.blocks or [b for b in found.blocks if b.damages]:
            # Imported where it is no sound PEM: what people may have meant is many forms.
            from edgecheck.reading.forms.meant import as_meant

            found, forms, unread = as_meant(data, found)
        if found.spoken:
            self._spoken += [spoken._replace(source=name) for spoken in found.spoken]
        if not found.blocks and not any(damage.kind in _MARKERS for damage in found.damages):
            if not found.listed:
                from edgecheck.reading.remains import instead_of_certificates

                kind, detail = instead_of_certificates(data, found)
                problems.append(Problem(kind, name, None, None, detail))
        else:
            self._text(found, name, sequence, origins, problems)
        for form in forms:
            where = (form.first_line, form.last_line)
            problems.append(Problem(OTHER_FORM, name, *where, form.words))
        if unread:
            from edgecheck.reading.forms.encoded import MOST_BYTES

            detail = f"{len(data)} bytes, {MOST_BYTES} read"
            problems.append(Problem("too-large", name, None, None, detail))
        if found.transcript:
            _transcript_problems(found, name, problems)
        return bool(found.transcript)

    def _ders(
        self,
        data: bytes,
        name: str,
        sequence: list[Certificate],
        origins: list[Origin],
        problems: list[Problem],
    ) -> None:
        """One DER certificate, or several one after the other."""
        kind, detail = other_object(data)
        if kind in ("pkcs7", "pkcs12"):
            self._container(kind, data, name, (None, None), sequence, origins, problems, detail)
            return
        if kind:
            problems.append(Problem(kind, name, None, None, detail))
            return
        at, last = 0, None
        while at < len(data):
            end = fitting_end(data, at) if data[at] == 0x30 else None
            if end is None and last is not None:
                left = len(data) - at
                what = f"{left} byte{'s' if left > 1 else ''}"
                problems.append(Problem(TRAILING, name, None, None, what, last))
                return
            read = self._add(data[at:end], name, (None, None), sequence, origins, problems, "DER")
            if read is None or end is None:
                return
            at, last = end, read
        if not any(problem.kind == "der" for problem in problems):
            problems.append(Problem("der", name, None, None))

    def _text(
        self,
        found: Scan,
        name: str,
        sequence: list[Certificate],
        origins: list[Origin],
        problems: list[Problem],
    ) -> None:
        """The blocks of one PEM text, and its damage; of both no more than the bound."""
        closed: dict[int, Certificate | None] = {}  # by the lines of the markers
        blocks = found.blocks[: self.limit]
        for index, block in enumerate(blocks):
            label, last = block.label, block.last_line
            if label == "CERTIFICATE" and not block.damages:
                lines = (block.first_line, last)
                read = self._add(block.body, name, lines, sequence, origins, problems, label)
            elif label.endswith("PARAMETERS") and _is_key(*blocks[index + 1 : index + 2]):
                continue  # what `openssl ecparam -genkey` writes before a key is part of it
            else:
                read = self._other(block, name, sequence, origins, problems)
            closed[block.first_line] = closed[last] = read
        if len(found.blocks) > self.limit:
            self._too_many(name, found.blocks[self.limit].first_line, problems)
        for damage in found.damages[: self.limit]:
            where = (damage.first_line or None, damage.last_line or None)
            certificate = closed.get(damage.last_line) if damage.kind in _MARKERS else None
            problems.append(Problem(damage.kind, name, *where, damage.detail, certificate))

    def _other(
        self,
        block: Block,
        name: str,
        sequence: list[Certificate],
        origins: list[Origin],
        problems: list[Problem],
    ) -> Certificate | None:
        """A PEM block with damage or of another kind: the certificate in it, if there is one."""
        lines = (block.first_line, block.last_line)
        data, label, certificate = block.body, block.label, None
        ends = [damage.detail for damage in block.damages if damage.kind == "mismatched-end"]
        if not CERTIFICATE_LABELS.isdisjoint([label, *ends]):
            spoilt = any(damage.kind in _SPOILING for damage in block.damages)
            said: list[Problem] = [] if spoilt else problems
            if (spoilt or label == "TRUSTED CERTIFICATE") and (end := fitting_end(data, 0)):
                data = data[:end]  # OpenSSL's trust settings follow, or what is no base64
            if data:
                certificate = self._add(data, name, lines, sequence, origins, said, label)
            if label != "CERTIFICATE" and not ends:
                problems.append(Problem("other-label", name, *lines, label, certificate))
        elif (kind := _containers().get(label, "")) != "":
            self._container(kind, data, name, lines, sequence, origins, problems, label)
        elif not _is_key(block):  # the damage of a key says that it is one
            kind = "private-key" if other_object(data)[0] == "private-key" else "other-object"
            problems.append(Problem(kind, name, *lines, shown_label(label)))
        cut = any(damage.kind in ("missing-end", "cut-out") for damage in block.damages)
        absent = any(damage.kind == "cut-out" for damage in block.damages)
        for damage in block.damages:
            if damage.kind == "missing-end" and damage.detail.startswith("END is not valid"):
                continue  # `broken-marker` says so
            if damage.kind == "truncated-base64" and cut:
                continue  # what was cut off lacks its END too
            if damage.kind != "cut-out" and absent:
                continue  # nothing was left that could be damaged
            where = (damage.first_line, damage.last_line)
            problems.append(Problem(damage.kind, name, *where, damage.detail, certificate))
        return certificate

    def _container(
        self,
        kind: str,
        data: bytes,
        name: str,
        lines: tuple[int | None, int | None],
        sequence: list[Certificate],
        origins: list[Origin],
        problems: list[Problem],
        label: str,
    ) -> None:
        """The certificates in PKCS#7 or PKCS#12, and how they were found or why not."""
        # Imported where there is a container: a gateway's file is PEM.
        from edgecheck.reading.bundles import Contents, Locked, Unopened, open_pkcs7, open_pkcs12
        from edgecheck.reading.forms.keystores import open_jks, open_sst
        from edgecheck.reading.served import in_order

        without_password = {"pkcs7": open_pkcs7, "jks": open_jks, "sst": open_sst}
        left = max(self.limit - len(sequence), 0)
        contents, failed, why = Contents(), "", ""
        try:
            if kind in without_password:
                contents = without_password[kind](data, left)
            elif self.tries == 0:
                raise Unopened(f"it is one of more than {_TRIES}")
            else:
                self.tries -= 1
                contents = open_pkcs12(data, self.password, left)
        except Locked:
            failed, why = "locked", "no password" if self.password is None else "password"
        except Unopened as unopened:
            failed, why = "unopened", str(unopened)
        if not (failed or contents.certificates):
            failed, why = "unopened", "there is no certificate in it"
        if failed:
            problems.append(Problem(failed, name, *lines, f"{_WORDS[kind]}: {why}"))
            return
        lists = contents.revocation_lists
        detail = f"{label}, {lists} revocation lists" if lists else label
        if kind in NAMES:
            detail = _WORDS[kind] + (", with a private key" if contents.keys else "")
        problems.append(Problem(OTHER_FORM if kind in NAMES else kind, name, *lines, detail))
        if contents.locked:
            failed = "unopened" if kind in NAMES else "locked"
            problems.append(Problem(failed, name, *lines, f"{_WORDS[kind]}: a part of it"))
        held: list[Certificate] = []
        keyed = None
        for data in contents.certificates[:left]:
            read = self._add(data, name, lines, held, [], problems, label)
            keyed = read if data == contents.keyed else keyed
        if len(contents.certificates) > left:
            self._too_many(name, lines[0], problems)
        if not sequence:
            self._keyed = keyed  # of what comes behind other certificates, it is not the first
        for certificate in in_order(held, keyed):
            sequence.append(certificate)
            origins.append(Origin(name, len(origins), *lines))

    def _add(
        self,
        data: bytes,
        name: str,
        lines: tuple[int | None, int | None],
        sequence: list[Certificate],
        origins: list[Origin],
        problems: list[Problem],
        label: str = "",
    ) -> Certificate | None:
        """The certificate that `data` is; else None, and a problem says what it is instead."""
        if len(sequence) >= self.limit:
            self._too_many(name, lines[0], problems)
            return None
        certificate = self.interned.get(data)
        if certificate is None:
            read = recall(data)
            if isinstance(read, str):
                kind, detail = instead(data, read)
                detail = label if kind == "private-key" else detail
                problems.append(Problem(kind, name, *lines, detail))
                return None
            certificate = self.interned[data] = read
        if self._before is None:
            self._before = len(problems)
        sequence.append(certificate)
        origins.append(Origin(name, len(origins), *lines))
        return certificate

    def _too_many(self, name: str, line: int | None, problems: list[Problem]) -> None:
        if not any(problem.kind == "too-many" for problem in problems):
            problems.append(Problem("too-many", name, line, line, f"more than {self.limit}"))


@cache
def _containers() -> dict[str, str]:
    """The kinds of containers by the labels of their blocks."""
    from edgecheck.reading.forms.encoded import FORMS  # where a block is no certificate

    return {
        "PKCS7": "pkcs7",
        "PKCS #7 SIGNED DATA": "pkcs7",
        "CMS": "pkcs7",
        "PKCS12": "pkcs12",
        "PFX": "pkcs12",
        **{
            f"{label} in {form}": label.lower()
            for label in ("PKCS7", "PKCS12", *map(str.upper, NAMES))
            for form in FORMS
        },
    }


def _is_key(*blocks: Block) -> bool:
    return any(damage.kind == "private-key" for block in blocks for damage in block.damages)


def _transcript_problems(found: Scan, name: str, problems: list[Problem]) -> None:
    blocks = sum(block.label in CERTIFICATE_LABELS for block in found.blocks)
    if found.listed > blocks:
        problems.append(
            Problem(
                "transcript-without-certificates",
                name,
                None,
                None,
                f"{found.listed} {blocks} {found.transcript}",
            )
        )
