"""Which object has to change for a violation, out of what was given: never what was only taken."""

from edgecheck.hierarchy.roles import Role
from edgecheck.hierarchy.shapes import LAST_1_1, OLDEST, made_by_certd, made_by_libiothsm
from edgecheck.reading.certificate import Certificate
from edgecheck.reading.late import late
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import FILES_OF_THE_RUNTIME, Case, shown_name
from edgecheck.rules.engine.objects import (
    CAPTURED,
    FILE,
    FILES,
    GATEWAY,
    PRESENTED,
    SETTINGS,
    THE_CLIENT,
    THE_CLOCK,
    TRUSTED,
    Kind,
    Object,
    Place,
    setting,
    setting_of,
)
from edgecheck.rules.engine.rule import Act, Rule, Violation

_MOSTLY: dict[Act, Object] = {
    Act.EDIT: PRESENTED,
    Act.TRUST: TRUSTED,
    Act.CONFIGURE: setting("configuration"),
    Act.CLIENT: THE_CLIENT,
    Act.WAIT: THE_CLOCK,
    Act.AGAIN: CAPTURED,
}
"""What each act is mostly about; certificates are reissued and renewed."""
_FOR_A_FILE = late(r"(?<![A-Za-z0-9_./-])FILE(?![A-Za-z0-9_./-])")
_AT_GATEWAY = f"{GATEWAY}:"
_PLAIN = late(r"[A-Za-z0-9_./:@+~-]+")
_ACTS = {
    Kind.FILE: Act.EDIT,
    Kind.TRUST: Act.TRUST,
    Kind.CONFIGURATION: Act.CONFIGURE,
    Kind.CLIENT: Act.CLIENT,
    Kind.CLOCK: Act.WAIT,
    Kind.CAPTURE: Act.AGAIN,
    Kind.INPUT: Act.GIVE,
    Kind.MISSING: Act.ADD,
}
"""What can be done to each kind of object but a certificate."""
_NAMELESS = ("-", "<input>", "<trust>", "<device_ca_file>", "<predicted>")
"""Sources that are no files: standard input, bytes, and what is predicted."""
_NONE = "none, because"
"""How a remedy begins where nothing can be done."""
_FIELDS = {FILES[field]: field for field in FILES_OF_THE_RUNTIME}
"""The files of the runtime, by the settings that name them."""
_WHOSE = {
    "identity_certificate": "the identity certificate",
    "trust_bundle": "the certificate of the trust bundle",
    "device_ca_file": "the certificate of the device CA file",
    "os_trust": "the certificate that the system trusts",
    "cached_workload_ca": "the cached workload CA",
    "trust": "the trusted certificate",
}


def changed(rule: Rule, violation: Violation, case: Case) -> tuple[Act, Object | None]:
    """Return what to do, and to what; None where nothing has to change.

    The object decides the act, so that nobody is told to edit what cannot be edited.
    """
    act, changes = _changed(rule, violation, case)
    if changes is not None and violation.how and not case.of_device:
        changes = changes._replace(how=violation.how)
    return act, changes


def _changed(rule: Rule, violation: Violation, case: Case) -> tuple[Act, Object | None]:
    act = rule.act
    if act is Act.NOTHING:
        return act, None
    told = violation.changes or rule.changes or _MOSTLY.get(act)
    if told is None:
        told = violation.certificates[0] if violation.certificates else setting("configuration")
    if isinstance(told, Certificate) and case.hierarchy.is_predicted(told):
        if (violation.remedy or rule.remedy).startswith(_NONE):
            return Act.NOTHING, None
        told = _made_from(told, case)
    if isinstance(told, Certificate):
        made = Object(Kind.CERTIFICATE, told.sha256, _named(told, case), _installed(told, case))
        if act is not Act.RENEW:
            return Act.REISSUE, made
        return Act.RESTART if _made_by_the_runtime(told, case) else act, made
    if isinstance(told, Place):
        changes = _captured(told.source) if act is Act.AGAIN else _placed(told, case)
    elif told == PRESENTED:
        changes = presented(case, _source(violation, case))
    elif told == TRUSTED:
        changes = _trusted(violation, case)
    elif told == CAPTURED:
        changes = _captured(_source(violation, case))
    else:
        is_setting = told.kind is Kind.CONFIGURATION and not told.words
        changes = _configured(told.subject, case) if is_setting else told
    if case.of_device:
        changes = _of_device(changes)
    return _ACTS[changes.kind], changes


_FOR_DEVICES = {
    Kind.CLIENT: "what the device sends",
    Kind.CONFIGURATION: "how it is registered or judged",
    Kind.TRUST: "the gateway's trust bundle",
}
"""What has to change where a device's certificate is judged, which edgeHub does."""


def _of_device(changes: Object) -> Object:
    words = _FOR_DEVICES.get(changes.kind)
    return changes if words is None else changes._replace(words=words, then="")


def for_this(remedy: str, changes: Object | None, violation: Violation, case: Case) -> str:
    """Return a remedy whose commands have the names of this case, as a shell reads them.

    The host is what the client asks for; the file is the one that has to change, or where nothing
    has to, the one that is spoken of.
    """
    if _AT_GATEWAY in remedy:
        host = case.expected.hostname
        if host is not None and _PLAIN.fullmatch(host):
            remedy = remedy.replace(_AT_GATEWAY, f"{host}:" if ":" not in host else f"[{host}]:")
    if FILE not in remedy:
        return remedy
    if changes is not None and changes.kind is Kind.FILE:
        name = safe(changes.subject)
    elif isinstance(violation.changes, Place) and violation.changes.source[:1] not in (
        "",
        "-",
        "<",
    ):
        name = safe(violation.changes.source)
    else:
        return remedy
    if not _PLAIN.fullmatch(name):
        name = "'" + name.replace("'", "'\\''") + "'"
    return _FOR_A_FILE.sub(lambda _: name, remedy)


def _made_by_the_runtime(certificate: Certificate, case: Case) -> bool:
    """Whether the runtime makes the certificate anew by itself."""
    if case.role(certificate) is Role.WORKLOAD_CA:
        return True
    is_server = certificate is case.hierarchy.server
    return is_server and (made_by_certd(certificate) or made_by_libiothsm(certificate))


def _made_from(certificate: Certificate, case: Case) -> Certificate | Object:
    """What a certificate that is only predicted follows from: nobody can reissue it by itself."""
    hierarchy = case.hierarchy
    path = hierarchy.path.certificates if hierarchy.path else ()
    real = (each for each in path if not hierarchy.is_predicted(each))
    return next(real, setting("edge_ca"))


def _named(certificate: Certificate, case: Case) -> str:
    """`the device CA "x"`; what is on no path is told by the file that it is from."""
    if case.expected.validation.purpose == "client" and certificate == case.hierarchy.target:
        return f"the device's certificate {shown_name(certificate)}"
    if case.role(certificate) is Role.OTHER and not case.is_presented(certificate):
        for argument, words in _WHOSE.items():
            if certificate in (getattr(case.expected, argument) or ()):
                return f"{words} {shown_name(certificate)}"
    return case.named(certificate)


def _installed(certificate: Certificate, case: Case) -> str:
    """What to do with a new certificate in the place of this one."""
    if case.expected.validation.purpose == "client" or case.hierarchy.service:
        return ""
    role = case.role(certificate)
    if role in (Role.DEVICE_CA, Role.INTERMEDIATE):
        file, there = _configured(FILES["device_ca_file"], case), presented(case)
        if there.kind is Kind.FILE and there.subject != file.subject:
            apply = "" if case.hierarchy.presents_server else f", and {file.then}"
            return f"replace it in {there.words}{apply}"
        return f"replace it in {file.words}, and {file.then}"
    if role is Role.ROOT:
        return "replace it in the trust of every client, and wherever the gateway has it"
    return ""


def _source(violation: Violation, case: Case) -> str:
    """The name of the source that a violation is in, or else of the first that was presented."""
    if violation.where is not None:
        return violation.where[0]
    for certificate in (*violation.certificates, *case.hierarchy.sequence):
        if case.is_presented(certificate) and certificate in case.origins:
            return case.origins[certificate][0].source
    return next((p.source for p in case.problems if not p.within), "<input>")


def _placed(place: Place, case: Case) -> Object:
    """What was read somewhere: a file of its own, or else what it was taken from."""
    if place.within in FILES:
        return _configured(FILES[place.within], case)
    if place.within == "trust":
        return _trust(place.source)
    if case.hierarchy.as_sent and case.hierarchy.sender is None:
        return _captured(place.source)
    if place.source not in _NAMELESS:
        return Object(Kind.FILE, place.source, safe(place.source))
    if case.hierarchy.server is None and case.hierarchy.sequence:
        return _configured(FILES["device_ca_file"], case)
    return _captured(place.source)


def presented(case: Case, source: str = "") -> Object:
    """Return the file that a chain comes from, of which something was read from `source`.

    What the runtime sends above its server certificate comes out of the device CA file, and so
    does whatever was taken from a connection: there is no other file to edit.
    """
    hierarchy, server = case.hierarchy, case.hierarchy.server
    source = source or _source(Violation(""), case)
    is_file = source not in _NAMELESS and not hierarchy.as_sent
    if case.expected.validation.purpose == "client":
        if is_file:
            return Object(Kind.FILE, source, safe(source))
        return Object(Kind.CLIENT, "", "the certificates that the device sends")
    made = server is not None and (
        hierarchy.workload_ca is not None or made_by_certd(server) or made_by_libiothsm(server)
    )
    known = source in case.expected.sources.get("device_ca_file", ())
    if is_file and not made and not known:
        return Object(Kind.FILE, source, safe(source))
    found = _configured(FILES["device_ca_file"], case)
    if found.kind is Kind.FILE or not is_file:
        return found
    return found._replace(words=f"{found.words}, from which {safe(source)} comes")


def served(case: Case) -> Object:
    """Return the file of a server's own that a chain comes from, begun with its certificate."""
    source = _source(Violation(""), case)
    if source not in _NAMELESS and not case.hierarchy.as_sent:
        return Object(Kind.FILE, source, safe(source))
    return setting("served")


def _trusted(violation: Violation, case: Case) -> Object:
    """What the client trusts, by the name of the file where one was given."""
    names = case.expected.sources.get("trust", ())
    if violation.certificates and len(names) > 1:
        origins = case.origins.get(violation.certificates[0], ())
        names = tuple(o.source for o in origins if o.source in names)
    return _trust(names[0] if len(names) == 1 else "")


def _trust(source: str) -> Object:
    named = source and source not in _NAMELESS
    words = f"what the client trusts ({safe(source)})" if named else "what the client trusts"
    return Object(Kind.TRUST, source if named else "", words)


def _captured(source: str) -> Object:
    """What was taken from a connection, or given as bytes: to be taken once more."""
    words = {"-": "what came by standard input", "<input>": "the text that was given"}
    return Object(Kind.CAPTURE, source, words.get(source, safe(source)))


def _configured(key: str, case: Case) -> Object:
    """A setting; where it is that of a file that was given by its name, that file."""
    old, field = case.within(OLDEST, LAST_1_1), _FIELDS.get(key)
    named = next(iter(case.expected.sources.get(field, ())), "-") if field is not None else "-"
    if named in _NAMELESS:
        return setting_of(key, old)
    words = f"{safe(named)}, {SETTINGS[key].words}"
    return Object(Kind.FILE, named, words, SETTINGS[key].then(old))
