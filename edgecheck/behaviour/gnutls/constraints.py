"""Name constraints as GnuTLS keeps and checks them (lib/x509/name_constraints.c at 3.7.9)."""

from collections.abc import Callable, Sequence

from edgecheck.behaviour import raw, work
from edgecheck.behaviour.domains import Domains, ascii_lower
from edgecheck.reading.certificate import Certificate

_EMAIL_ADDRESS = bytes.fromhex("2a864886f70d010901")
MOST_CHECKS = 1 << 20
"""MAX_NC_CHECKS, since 3.8.9 and 3.7.9-2+deb12u4: bases times names of all forms."""
_NO_NAME = b"\x30\x00"
"""A directoryName without a part, which constrains nothing."""
_WHOLE = {
    raw.DNS: (b"",),
    raw.EMAIL: (b"",),
    raw.IP: (bytes(8), bytes(32)),
}
"""What is excluded once nothing of a form is permitted any more."""


def well_formed(base: raw.GeneralName) -> bool:
    """validate_name_constraints_node: of a form that it knows, a network with a mask that is one.

    Since 3.6.15 or before; else none of the constraints can be imported.
    """
    tag, value = base
    if tag != raw.IP:
        return tag in (raw.DNS, raw.EMAIL, raw.DIRECTORY, raw.URI)
    if len(value) not in (8, 32):
        return False
    mask = int.from_bytes(value[len(value) // 2 :])
    ones = mask.bit_count()
    return mask == ((1 << ones) - 1) << (4 * len(value) - ones)


class Constraints:
    """Constraints merged on the way down (gnutls_x509_ext_import_name_constraints)."""

    __slots__ = ("excluded", "permitted")

    def __init__(self) -> None:
        """Nothing is constrained."""
        self.permitted: list[raw.GeneralName] = []
        self.excluded: list[raw.GeneralName] = []

    def append(self, held: raw.Constraints) -> None:
        """Permitted bases are intersected, excluded ones added."""
        if not self.permitted or not held.permitted:
            self.permitted = self.permitted or list(held.permitted)
        else:
            self._intersect(held.permitted)
        self.excluded += held.excluded

    def _intersect(self, more: Sequence[raw.GeneralName]) -> None:
        forms = {tag for tag, _ in more}
        kept = [name for name in self.permitted if name[0] not in forms or name[0] not in _WHOLE]
        ours = [name for name in self.permitted if name not in kept]
        empty = {tag for tag, _ in ours}
        for tag, value in more:
            work.spend(len(ours))
            if not ours:
                kept.append((tag, value))
            for form, base in ours:
                if form != tag:
                    continue
                if _MATCHES[tag](value, base):
                    kept.append((tag, value))
                    empty.discard(tag)
                elif _MATCHES[tag](base, value):
                    kept.append((tag, base))
                    empty.discard(tag)
        self.permitted = kept
        for tag in empty:
            self.excluded += ((tag, value) for value in _WHOLE[tag])

    def allow(self, certificate: Certificate, server: bool) -> bool:
        """gnutls_x509_name_constraints_check_crt, for all forms that verify_crt asks for."""
        names = raw.alt_names(certificate) or ()
        for tag in (raw.DNS, raw.EMAIL, raw.IP):
            if not self._has(tag):
                continue
            if (len(self.permitted) + len(self.excluded)) * len(names) > MOST_CHECKS:
                return False
            found = [value for form, value in names if form == tag]
            if not found and tag == raw.DNS and server:
                found = [value for _, value in raw.common_names(certificate)]
                if len(found) > 1:
                    return False
            if not found and tag == raw.EMAIL:
                rdns = raw.attributes(certificate.subject_raw)
                found = [value for kind, _, value in rdns if kind == _EMAIL_ADDRESS]
                if len(found) > 1:
                    return False
            if not (self._domains(found) if tag == raw.DNS else self._others(tag, found)):
                return False
        if any(tag == raw.DIRECTORY and value != _NO_NAME for tag, value in self.excluded):
            return False
        has_uri = any(tag == raw.URI for tag, _ in names)
        return not (has_uri and any(tag == raw.URI for tag, _ in self.excluded))

    def _domains(self, names: Sequence[bytes]) -> bool:
        bases = [
            [base.removesuffix(b".") for form, base in group if form == raw.DNS]
            for group in (self.permitted, self.excluded)
        ]
        if names and any(map(_lacks_a_label, bases[1])):
            return False
        permitted, excluded = (Domains(group, ascii_lower) for group in bases)
        limited = permitted.plain or permitted.dotted
        permitted.everything = False  # an empty one that is permitted is passed over
        return all(
            not excluded.take(name) and (not limited or permitted.take(name))
            for name in (name.removesuffix(b".") for name in names)
        )

    def _others(self, tag: int, names: Sequence[bytes]) -> bool:
        return all(self._allows(tag, name) for name in names)

    def _has(self, tag: int) -> bool:
        return any(form == tag for form, _ in (*self.permitted, *self.excluded))

    def _allows(self, tag: int, name: bytes) -> bool:
        work.spend(len(self.permitted) + len(self.excluded))
        matches = _MATCHES[tag]
        for form, base in self.excluded:
            if form == tag and (not base or matches(name, base)):
                return False
        bases = [base for form, base in self.permitted if form == tag and base]
        if tag == raw.IP:
            bases = [base for base in bases if len(base) == 2 * len(name)]
        return not bases or any(matches(name, base) for base in bases)


def _lacks_a_label(base: bytes) -> bool:
    """Whether no name lies within a base that is permitted, and every name in one excluded.

    A period at the end is none of it, of bases as of names; 3.7.9-2+deb12u7 was asked.
    """
    return b".." in base or base.endswith(b".")


def _dns(name: bytes, base: bytes) -> bool:
    """dnsname_matches, without regard to case since 3.7.9-2+deb12u7 (CVE-2026-3833)."""
    name, base = name.lower().removesuffix(b"."), base.lower().removesuffix(b".")
    if name == base:
        return True
    return len(base) < len(name) and name.endswith(b"." + base.removeprefix(b"."))


def _email(name: bytes, base: bytes) -> bool:
    """email_matches: the domain without regard to case, a whole address to the letter."""
    if name == base:
        return True
    if len(base) >= len(name):
        return False
    base = base.lower()
    return name.lower().endswith(base if base.startswith(b".") else b"@" + base)


def _address(name: bytes, base: bytes) -> bool:
    """ip_in_cidr; for two bases, whether they overlap."""
    half = len(base) // 2
    if len(name) not in (half, 2 * half):
        return False
    mask = name[half:] if len(name) == 2 * half else b"\xff" * half
    return all(
        (a ^ b) & m & n == 0
        for a, b, m, n in zip(name[:half], base[:half], base[half:], mask, strict=True)
    )


_MATCHES: dict[int, Callable[[bytes, bytes], bool]] = {
    raw.DNS: _dns,
    raw.EMAIL: _email,
    raw.IP: _address,
}
