"""Host names and name constraints (subject_name/ of rustls/webpki)."""

import re
from ipaddress import ip_address

from edgecheck.behaviour import raw, work
from edgecheck.behaviour.domains import AT_ONCE, Domains, latin_lower
from edgecheck.behaviour.host import Host
from edgecheck.reading.certificate import Certificate

LONGEST_NAME = 253
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")


def asked(host: Host) -> bool:
    """Whether a ServerName can be made of it (rustls-pki-types, server_name.rs).

    Labels of letters, digits, underscores and inner hyphens; the last is not of digits alone.
    """
    if host.address is not None:
        return True
    name = host.a_labels
    if name is None or len(name) > LONGEST_NAME:
        return False
    labels = name.removesuffix(".").split(".")
    return all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()


def rtls_matches(certificate: Certificate, host: Host) -> bool:
    """What Python's rtls takes: it converts no letters outside ASCII."""
    return host.name.isascii() and matches(certificate, host)


def matches(certificate: Certificate, host: Host) -> bool:
    """verify_is_valid_for_subject_name: names of the subjectAltName alone, for that of a URL."""
    entries = raw.alt_names(certificate) or ()
    if host.address is not None:
        return any(tag == raw.IP and value == host.address.packed for tag, value in entries)
    name = (host.a_labels or "").removesuffix(".")
    return asked(host) and any(
        tag == raw.DNS and _presented_matches(value.decode("latin-1"), name)
        for tag, value in entries
    )


def _presented_matches(presented: str, host: str) -> bool:
    """presented_id_matches_reference_id: a star for the first of at least three labels."""
    labels = presented.split(".")
    wildcard = labels[0] == "*"
    rest = labels[1:] if wildcard else labels
    if (wildcard and len(rest) < 2) or not all(map(_LABEL.fullmatch, rest)):
        return False
    if rest[-1].isdigit():
        return False
    wanted = host.lower().split(".")
    if wildcard:
        return len(wanted) == len(labels) and wanted[1:] == [label.lower() for label in rest]
    return wanted == [label.lower() for label in labels]


def listed(certificate: Certificate) -> str:
    """What rustls says that the certificate is valid for."""
    names = [_shown(tag, value) for tag, value in raw.alt_names(certificate) or ()]
    if not names:
        return "is not valid for any names (according to its subjectAltName extension)"
    if len(names) == 1:
        return f"is only valid for {names[0]}"
    return f"is only valid for {', '.join(names[:-1])} or {names[-1]}"


def _shown(tag: int, value: bytes) -> str:
    if tag == raw.DNS:
        return f'DnsName("{value.decode("latin-1")}")'
    if tag == raw.IP and len(value) in (4, 16):
        return f"IpAddress({ip_address(value)})"
    if tag == raw.DIRECTORY:
        return "DirectoryName"
    if tag == raw.URI:
        return f'UniformResourceIdentifier("{value.decode("latin-1")}")'
    return f"Unsupported(0x{tag & 0x1F:02x})"


MOST_COMPARISONS = 250_000
TOO_MANY = "MaximumNameConstraintComparisonsExceeded"


class Comparisons:
    """What is left of the comparisons of one search, of whatever forms (Budget)."""

    def __init__(self) -> None:
        """None is made yet."""
        self.left = MOST_COMPARISONS

    def room(self, wanted: int) -> int:
        """How many of so many can be made; that many are."""
        allowed = min(wanted, self.left)
        self.left -= wanted
        return allowed


def violated(
    certificate: Certificate, held: raw.Constraints, made: Comparisons | None = None
) -> str | None:
    """check_name_constraints for one certificate: its subject, and its alternative names.

    `made`: those of the search before this one.
    """
    made = made or Comparisons()
    names: list[raw.GeneralName] = [(raw.DIRECTORY, certificate.subject_raw)]
    names += raw.alt_names(certificate) or ()
    domains = [Domains((b for f, b in group if f == raw.DNS), latin_lower) for group in held]
    for form, value in names:
        if form == raw.DNS and made.left >= len(held.permitted) + len(held.excluded):
            made.left -= len(held.permitted) + len(held.excluded)
            among, out = domains
            whole = value[1:] if value[:2] == b"*." else b"." + value
            if (among and not _take(among, value, whole)) or _take(out, value, whole):
                return "NameConstraintViolation"
            continue
        bases = len(held.permitted) + len(held.excluded)
        work.spend(
            1 + bases // AT_ONCE if form == raw.DIRECTORY else bases
        )  # which are equal or not
        if made.room(len(held.permitted)) < len(held.permitted):
            return TOO_MANY
        permitted = [base for tag, base in held.permitted if tag == form]
        if permitted and not any(_within(form, value, base) for base in permitted):
            return "NameConstraintViolation"
        excluded = held.excluded[: made.room(len(held.excluded))]
        if any(_within(form, value, base) for tag, base in excluded if tag == form):
            return "NameConstraintViolation"
        if made.left < 0:
            return TOO_MANY
    return None


def _take(domains: Domains, name: bytes, whole: bytes) -> bool:
    """`whole`: the name with a period before it, which takes the place of a star."""
    work.spend(domains.cost)
    name, whole = domains.fold(name), domains.fold(whole)
    return domains.everything or whole.endswith(domains.plain) or name.endswith(domains.dotted)


def _within(form: int, value: bytes, base: bytes) -> bool:
    if form == raw.DNS:
        name, wanted = value.decode("latin-1").lower(), base.decode("latin-1").lower()
        if not wanted:
            return True
        if wanted.startswith("."):
            return name.endswith(wanted)
        if name.startswith("*."):
            return name[2:] == wanted or name[1:].endswith("." + wanted)
        return name == wanted or name.endswith("." + wanted)
    if form == raw.IP:
        return raw.in_network(value, base)
    if form == raw.DIRECTORY:
        return value == base
    return False
