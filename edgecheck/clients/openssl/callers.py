"""Callers of OpenSSL that compare host names themselves: curl, mosquitto, and the Azure C stack."""

from edgecheck.behaviour import raw
from edgecheck.behaviour.openssl import errors as e
from edgecheck.behaviour.openssl.names import as_utf8
from edgecheck.behaviour.openssl.settings import Settings
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import Answer, Verdict, reject
from edgecheck.clients.openssl.engine import run


def azure_c(view: View, settings: Settings) -> Answer:
    """tlsio_openssl.c: OpenSSL compares the name, with X509_VERIFY_PARAM_set1_host."""
    return run(view, settings)


def curl(view: View, settings: Settings) -> Answer:
    """lib/vtls/openssl.c (verifyhost) and lib/vtls/hostcheck.c at curl 7.88.1."""
    answer = run(view, settings)
    if answer.verdict is not Verdict.ACCEPT:
        return answer
    wrong = None if view.hostname is None else _curl_host(view)
    if wrong is not None:
        return reject(e.HOSTNAME, view.leaf, 0, wrong)
    if not raw.rdn_count(view.leaf.issuer_raw):  # x509_name_oneline gives nothing
        return reject("issuer", view.leaf, 0, "couldn't get X509-issuer name")
    return answer


def _curl_host(view: View) -> str | None:
    """What verifyhost says of the name; None where it matches."""
    host = (view.hostname or "").encode("utf-8", "replace")
    entries = raw.alt_names(view.leaf) or ()
    if view.address is not None:
        packed = view.address.packed
        if any(tag == raw.IP and value == packed for tag, value in entries):
            return None
    elif any(tag == raw.DNS and curl_match(value, host) for tag, value in entries):
        return None
    if any(tag in (raw.DNS, raw.IP) for tag, _ in entries):
        told = "no alternative certificate subject name matches target host name"
        return f"{told} '{view.hostname}'"
    names = [as_utf8(tag, content) for tag, content in raw.common_names(view.leaf)]
    if not names or names[-1] is None:
        return "unable to obtain common name from peer certificate"
    if curl_match(names[-1], host):
        return None
    shown = names[-1].decode("utf-8", "replace")
    told = "does not match target host name"
    return f"certificate subject name '{shown}' {told} '{view.hostname}'"


def curl_match(pattern: bytes, host: bytes) -> bool:
    """Curl_cert_hostcheck: one star, the whole left-most label, two periods at least after it."""
    pattern, host = pattern.rstrip(b".")[:1] and pattern, host
    pattern, host = _no_period(pattern).lower(), _no_period(host).lower()
    if not pattern or not host or b"\0" in pattern:
        return False
    if pattern[:2] != b"*.":
        return pattern == host
    if pattern.count(b".") < 2 or _is_address(host):
        return pattern == host
    return host.partition(b".")[2] == pattern[2:] and not host.startswith(b".")


def _no_period(name: bytes) -> bytes:
    return name[:-1] if name.endswith(b".") else name


def _is_address(host: bytes) -> bool:
    return host.replace(b".", b"").isdigit() or b":" in host


def mosquitto(view: View, settings: Settings) -> Answer:
    """lib/tls_mosq.c (mosquitto__verify_certificate_hostname) at 2.0.11."""
    answer = run(view, settings)
    if answer.verdict is not Verdict.ACCEPT or view.hostname is None:
        return answer
    return answer if _mosquitto_host(view) else reject(e.HOSTNAME, view.leaf, 0)


def _mosquitto_host(view: View) -> bool:
    host = (view.hostname or "").encode("utf-8", "replace")
    entries = raw.alt_names(view.leaf)
    if entries is not None:
        has_dns = False
        for tag, value in entries:
            if tag == raw.DNS:
                has_dns = True
                if mosquitto_match(value, host):
                    return True
            elif tag == raw.IP and view.address is not None and value == view.address.packed:
                return True
        if has_dns:
            return False
    names = [as_utf8(tag, content) for tag, content in raw.common_names(view.leaf)]
    return bool(names) and names[0] is not None and mosquitto_match(names[0], host)


def mosquitto_match(pattern: bytes, host: bytes) -> bool:
    """mosquitto__cmp_hostname_wildcard: a star is the whole first label, and others follow."""
    pattern, host = pattern.lower(), host.lower()
    if pattern[:1] == b"*":
        if pattern[1:2] != b"." or len(pattern) == 2:
            return False
        rest = host[host.find(b".") :] if b"." in host else host
        return rest == pattern[1:]
    return pattern == host
