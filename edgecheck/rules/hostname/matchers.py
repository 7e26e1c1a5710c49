"""Which client takes a server certificate for a host name: the matcher of each, as a predicate.

Written after their sources, and compared with what each said to 70 pairs of a name and a
certificate (OpenSSL 3.0, Python 3.11, Node 8 to 26, Bun 1.4, .NET 8, Java 17, Go, GnuTLS 3.7,
NSS 3.87, rustls, cryptography 50, mbedTLS 2.28, wolfSSL 5.5, BearSSL 0.6, Botan 2.19, curl
7.88, mosquitto 2.0). Names are in lower case; letter case matters to none of them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from edgecheck.behaviour.refusers import Refuser
from edgecheck.hierarchy.roles import common_names
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.hostnames import as_address, comparable
from edgecheck.reading.name_constraints import uri_host

R = Refuser

_STD3 = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
"""Letters, digits and inner hyphens: what Java and cryptography take for a host name."""
_WEBPKI = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?")
_GO = re.compile(r"(?:\*\.)?[a-z0-9_][a-z0-9_-]*(?:\.[a-z0-9_][a-z0-9_-]*)*")
_LONG_LABEL = re.compile(r"[^.]{64}")
_LONGEST = 253


@dataclass(frozen=True, slots=True)
class _Names:
    """What a certificate says of its host: entries of the subjectAltName, and common name."""

    dns: tuple[str, ...]
    ip: tuple[str, ...]
    uri_hosts: tuple[str, ...]
    has_uri: bool
    has_san: bool
    common_names: tuple[str, ...]

    @property
    def common_name(self) -> str | None:
        """The last, which is the most specific."""
        return self.common_names[-1] if self.common_names else None

    def dns_or_cn(self, unless: bool, last: bool = False) -> tuple[str, ...]:
        """The DNS names; where there is none, the common names, `unless` something is there.

        With `last`, of several common names that one alone, which is the most specific.
        """
        if self.dns or unless:
            return self.dns
        return self.common_names[-1:] if last else self.common_names


def refusers(host: str, certificate: Certificate) -> frozenset[Refuser]:
    """The clients that do not take the certificate for this host. Raises `Unreadable`."""
    names = certificate.alt_names
    hosts = (uri_host(entry) for entry in names.uri) if names else ()
    have = _Names(
        tuple(entry.lower() for entry in names.dns) if names else (),
        tuple(map(str, names.ip)) if names else (),
        tuple(entry.lower() for entry in hosts if entry),
        bool(names and names.uri),
        names is not None,
        tuple(entry.lower() for entry in common_names(certificate)),
    )
    address = as_address(host)
    if address is not None:
        return frozenset(MATCHERS) - _for_address(str(address), have)
    wanted = comparable(host) or host.lower()
    refusing = {who for who, takes in MATCHERS.items() if not takes(wanted, have)}
    if R.GO in refusing and "*" in have.dns and "." not in wanted:
        refusing = refusing - {R.GO} | {R.GO_1_24}  # before, the asterisk alone was a label
    return frozenset(refusing)


def refusing_to_ask(host: str) -> frozenset[Refuser]:
    """The clients that refuse this DNS name even where the certificate has it as it is."""
    have = _Names((host.lower(),), (), (), has_uri=False, has_san=True, common_names=())
    return frozenset(who for who, takes in MATCHERS.items() if not takes(host.lower(), have))


def _for_address(address: str, have: _Names) -> frozenset[Refuser]:
    """Who takes it for this IP address: most as an iPAddress, some in other places."""
    in_cn = have.common_name == address
    there = address in have.ip
    only_cn = in_cn and not have.dns and not have.ip
    taking = {R.BOTAN}  # it does not compare addresses
    if there:
        taking |= set(MATCHERS) - {R.MBEDTLS, R.BEARSSL}
    if any(_whole_label(address, name) for name in have.dns):  # as if it were a host name
        taking |= {R.MOSQUITTO, R.MBEDTLS, R.BEARSSL}
    if any(_wolfssl(address, name) for name in have.dns):
        taking.add(R.WOLFSSL)
    if in_cn:
        taking.add(R.DOTNET)
        taking |= {R.NSS, R.NSS_PKIX} if not have.ip else set()
        taking |= {R.MOSQUITTO} if not have.dns else set()
        taking |= {R.CURL, R.WOLFSSL} if only_cn else set()
        taking |= {R.MBEDTLS, R.BEARSSL} if not have.has_san else set()
    return frozenset(taking)


def _whole_label(host: str, pattern: str) -> bool:
    """A leading `*.` stands for one label, whatever is behind it."""
    if host == pattern:
        return True
    label, _, rest = host.partition(".")
    return pattern.startswith("*.") and bool(label) and rest == pattern[2:]


def _two_labels_behind(host: str, pattern: str) -> bool:
    """The same, where at least two labels follow the asterisk."""
    return host == pattern or (pattern.count(".") > 1 and _whole_label(host, pattern))


@lru_cache(maxsize=256)
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile("".join("[^.]*" if part == "*" else re.escape(part) for part in pattern))


def _part_of_first_label(host: str, pattern: str, *, shape: re.Pattern[str]) -> bool:
    """One asterisk in the first label, in places that `shape` allows, and two labels behind."""
    if host == pattern:
        return True
    label, _, rest = pattern.partition(".")
    fits = label.count("*") == 1 and "*" not in rest and shape.fullmatch(label)
    return bool(fits and "." in rest and _glob(pattern).fullmatch(host))


_AT_AN_END = re.compile(r"(?!xn--)(?:\*|\*[a-z0-9-]+|[a-z0-9-]+\*)")
_AT_THE_START = re.compile(r"\*.*")
_AT_THE_END = re.compile(r"(?!xn--).*\*")
_NOT_IDN = re.compile(r"(?!.*xn--).*")
_ANYWHERE = re.compile(r".*")


def _openssl(host: str, pattern: str) -> bool:
    """`valid_star` and `wildcard_match` (crypto/x509/v3_utl.c): letters, digits and hyphens."""
    if host == pattern:
        return True
    if not _part_of_first_label(host, pattern, shape=_AT_AN_END):
        return False
    whole = pattern.startswith("*.")
    prefix, _, suffix = pattern.partition(".")[0].partition("*")
    label = host.partition(".")[0]
    stands_for = label[len(prefix) : len(label) - len(suffix)]
    if label.startswith("xn--") and not whole:
        return False
    return bool(re.fullmatch(r"[a-z0-9-]+" if whole else r"[a-z0-9-]*", stands_for))


def _openssl_whole(host: str, pattern: str) -> bool:
    """The same with X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS; and no label above 63 octets."""
    if _LONG_LABEL.search(host):
        return False
    return host == pattern or (pattern.startswith("*.") and _openssl(host, pattern))


def _dotnet(host: str, pattern: str) -> bool:
    """The same, of a name without the dots at its end (TargetHostNameHelper.cs)."""
    return _openssl_whole(host.rstrip("."), pattern)


def _node(host: str, pattern: str) -> bool:
    """`check` (lib/tls.js), of a name that two functions have cut a dot from (`unfqdn`)."""
    host = host.removesuffix(".").removesuffix(".")
    pattern = pattern.removesuffix(".")
    if "" in pattern.split(".") or re.search(r"[^\x21-\x7f]", pattern):
        return False
    return _part_of_first_label(host, pattern, shape=_NOT_IDN)


def _java(host: str, pattern: str) -> bool:
    """`HostnameChecker`: asterisks anywhere, of names that are host names."""
    host = host.removesuffix(".")
    if not _STD3.fullmatch(host) or not _STD3.fullmatch(pattern.replace("*", "z")):
        return False
    if "*" not in pattern:
        return host == pattern
    behind = pattern.rpartition("*")[2]
    return "." in behind and "xn--" not in pattern and bool(_glob(pattern).fullmatch(host))


def _go(host: str, pattern: str) -> bool:
    """`matchHostnames` (crypto/x509/verify.go)."""
    if not _GO.fullmatch(pattern) or not _GO.fullmatch(host.removesuffix(".")):
        return host == pattern
    return _whole_label(host.removesuffix("."), pattern)


def _rustls(host: str, pattern: str) -> bool:
    """`webpki`, subject_name/dns_name.rs."""
    if not _WEBPKI.fullmatch(host) or len(host) > _LONGEST:
        return False
    host = host.removesuffix(".")
    if host.rpartition(".")[2].isdigit() or pattern.endswith("."):
        return False
    return _two_labels_behind(host, pattern)


def _cryptography(host: str, pattern: str) -> bool:
    if not _STD3.fullmatch(host) or len(host) > _LONGEST:
        return False
    return _whole_label(host, pattern)


def _nss(host: str, pattern: str) -> bool:
    """`cert_TestHostName` (lib/certdb/certdb.c): an asterisk before the first dot."""
    return len(host) < 256 and _part_of_first_label(host, pattern, shape=_AT_THE_END)


def _gnutls(host: str, pattern: str) -> bool:
    host = host.removesuffix(".")
    return _part_of_first_label(host, pattern, shape=_AT_THE_START)


def _wolfssl(host: str, pattern: str) -> bool:
    return host == pattern or ("*" in pattern and bool(_glob(pattern).fullmatch(host)))


def _curl(host: str, pattern: str) -> bool:
    if "$" in host:
        return False  # no URL has such a host
    return _two_labels_behind(host.removesuffix("."), pattern.removesuffix("."))


_Match = Callable[[str, str], bool]
_Takes = Callable[[str, _Names], bool]


def _by(
    match: _Match, unless: Callable[[_Names], bool] = lambda have: False, last: bool = False
) -> _Takes:
    """Among the DNS names; the common names too, where there are none and not `unless`."""
    return lambda host, have: any(match(host, n) for n in have.dns_or_cn(unless(have), last))


def _any_identifier(have: _Names) -> bool:
    return bool(have.ip) or have.has_uri


def _never(have: _Names) -> bool:
    return True


def _bun(host: str, pattern: str) -> bool:
    return "$" not in host and _node(host, pattern)


def _mosquitto(host: str, have: _Names) -> bool:
    """`mosquitto__verify_certificate_hostname`: as strings of C, and the first common name."""
    names = have.dns or have.common_names[:1]
    return any(_whole_label(host, name.partition("\0")[0]) for name in names)


def _gnutls_names(host: str, have: _Names) -> bool:
    """`gnutls_x509_crt_check_hostname2`: the common name only where it is the only one."""
    names = have.dns_or_cn(_any_identifier(have) or len(have.common_names) > 1)
    return any(_gnutls(host, name) for name in names)


def _old_node(host: str, have: _Names) -> bool:
    """Up to Node.js 16.13.1: the hosts of URIs too."""
    names = have.dns_or_cn(_any_identifier(have))
    return any(_node(host, name) for name in names) or host in have.uri_hosts


_BOTAN = _by(
    lambda host, pattern: _part_of_first_label(host, pattern, shape=_ANYWHERE),
    lambda have: have.has_san,
)

MATCHERS: dict[Refuser, _Takes] = {
    R.PYTHON: _by(_openssl_whole),
    R.NODE: _by(_node),
    R.S_CLIENT: _by(_openssl),
    R.VERIFY: _by(_openssl),
    R.AZURE_C: _by(_openssl),
    R.CURL: _by(_curl, lambda have: bool(have.ip), last=True),
    R.MOSQUITTO: _mosquitto,
    R.DOTNET: _by(_dotnet),
    R.JAVA: _by(_java, last=True),
    R.GO: _by(_go, _never),
    R.STRICT: _by(_openssl_whole),
    # What was measured of these versions is Node's matcher.
    R.OPENSSL_1_1_1: _by(_node),
    R.OPENSSL_1_1_0: _old_node,
    R.OPENSSL_1_0_2: _old_node,
    R.BORINGSSL: _by(_bun),
    R.GNUTLS: _gnutls_names,
    R.NSS: _by(_nss, last=True),
    R.NSS_PKIX: _by(_nss, last=True),
    R.RUSTLS: _by(_rustls, _never),
    R.CRYPTOGRAPHY: _by(_cryptography, _never),
    R.MBEDTLS: _by(_whole_label, lambda have: have.has_san),
    R.WOLFSSL: _by(_wolfssl, _any_identifier, last=True),
    R.BEARSSL: _by(_whole_label, lambda have: have.has_san),
    R.BOTAN: _BOTAN,
}
"""What each client that was measured takes."""
