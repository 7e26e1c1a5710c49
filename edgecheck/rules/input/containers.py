"""Rules about certificates that come in another form than PEM.

They are read here, whatever their form. Where the runtime would have to read the same file, it
fails: that is an error. What was presented is mostly an export for this check, and told as a note.
"""

from edgecheck.reading.containers import NAMES
from edgecheck.reading.problems import Problem
from edgecheck.reading.text import safe
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.objects import untold
from edgecheck.rules.engine.rule import ERROR, INFO, Act, Over, Violation, rule
from edgecheck.rules.input.shared import detail, on_gateway, violation
from edgecheck.rules.references import edge, issue, measured, rfc

_FIRST = edge("edgelet/hsm-sys/azure-iot-hsm-c/src/certificate_info.c")


def _another_form(
    problem: Problem, case: Case, form: str, found: str, **values: object
) -> Violation:
    """The certificates were read, and how bad it is depends on whose file it is."""
    if on_gateway(problem):
        message = f"this is {form}, and the runtime reads PEM alone"
        return violation([problem], message, wanted="PEM", found=found, severity=ERROR, **values)
    message = f"this is {form}; as a file on the gateway it must be PEM"
    if case.of_device:
        message = f"this is {form}, and much of the software of devices reads PEM alone"
    return violation([problem], message, wanted="PEM", found=found, **values)


@rule(
    "input.pkcs7",
    title="The certificates come as PKCS#7, which the runtime does not read",
    severity=INFO,
    over=Over.PROBLEM,
    kinds=["pkcs7"],
    act=Act.EDIT,
    references=[
        rfc(7468, "8"),
        rfc(5652, "5.1"),
        _FIRST,
        issue("Azure/iotedge", 6044),
        measured(
            "OpenSSL's and Go's readers of PEM certificates find nothing in it; Java opens it"
        ),
    ],
)
def pkcs7(problem: Problem, case: Case) -> Violation:
    """A PKCS#7 bundle (.p7b, .p7c) or CMS message holds the certificates.

    Windows and many CAs deliver chains in it. They are judged here like any others; signatures
    and revocation lists that are in it too are not looked at. As a file of the gateway it does
    not work: every version of the runtime reads PEM certificates alone, and up to 1.1 says
    "Failure obtaining first certificate".

    Remedy:
    Take the certificates out before the gateway uses them (with `-inform DER` where the file is
    not text), and order them from the lowest to the root:

        openssl pkcs7 -print_certs -in FILE -out chain.pem

    What begins with `-----BEGIN CMS-----` wants the word PKCS7 in its BEGIN and END lines first.
    """
    label, _, lists = detail(problem).partition(", ")
    found = "PKCS#7 in binary form (DER)" if problem.first_line is None else f'the label "{label}"'
    found = label.replace("PKCS7", "PKCS#7") if " in " in label else found
    evidence = {"revocation_lists": int(lists.split()[0])} if lists else {}
    return _another_form(problem, case, "PKCS#7", found, evidence=evidence)


@rule(
    "input.pkcs12",
    title="The certificates come as PKCS#12, which the runtime does not read",
    severity=INFO,
    over=Over.PROBLEM,
    kinds=["pkcs12"],
    act=Act.EDIT,
    references=[
        rfc(7292, "4"),
        _FIRST,
        issue("Azure/iotedge", 6044),
        measured("no reader of PEM finds a certificate in it"),
    ],
)
def pkcs12(problem: Problem, case: Case) -> Violation:
    """A PKCS#12 container (.pfx, .p12) holds the certificates, and mostly a private key too.

    The certificates are judged here like any others; the key is not decrypted. As a file of the
    gateway it does not work: the runtime wants certificates and key as PEM, in two files, and
    up to 1.1 says "Failure obtaining first certificate".

    Remedy:
    Take certificates and key out, into two files (with `-legacy` where OpenSSL 3 says
    "unsupported"):

        openssl pkcs12 -in FILE -nokeys -out chain.pem
        openssl pkcs12 -in FILE -nocerts -nodes -out key.pem
    """
    return _another_form(problem, case, "PKCS#12", "PKCS#12")


@rule(
    "input.locked-container",
    title="A PKCS#12 container is not opened by the password",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["locked"],
    act=Act.GIVE,
    references=[
        rfc(7292, "4"),
        measured("OpenSSL 3.0 and cryptography say that the password or the data are invalid"),
    ],
)
def locked_container(problem: Problem, case: Case) -> Violation:
    """The certificates in it are encrypted, so that nothing can be said about them.

    A wrong password and damaged data look alike. Letters beyond ASCII in a password are a
    source of trouble of their own: programs differ in how they turn them into bytes. As a file of
    the gateway it does not work with any password (`input.pkcs12`): a key store of Java is such a
    container, too.

    Remedy:
    Give its password: in the first line of a file, so that it does not show in the list of
    processes,

        edgecheck check FILE --password-file password.txt

    or in Python as `edgecheck.check(..., password="...")`. Whether it is the right one shows

        openssl pkcs12 -info -noout -in FILE
    """
    why = detail(problem).partition(": ")[2]
    if why == "no password":
        message = "this PKCS#12 has a password, and none was given, so it was not opened"
        found = "no password"
    elif why == "password":
        message = "the given password does not open this PKCS#12, or it is damaged"
        found = "another password"
    else:
        message = "the password does not open all of this PKCS#12; some of it was not read"
        found = "a part that stayed closed"
    if on_gateway(problem):
        told = f"{message}; the runtime opens none, and reads PEM alone"
        return violation([problem], told, wanted="PEM", found="PKCS#12", remedy=_TAKEN_OUT)
    name = safe(problem.source)
    return violation(
        [problem],
        message,
        wanted="the password",
        found=found,
        remedy=_PASSWORD.replace("FILE", name),
        changes=untold(f"the password of {name}"),
    )


_TAKEN_OUT = """Take certificates and key out, into two files (with `-legacy` where OpenSSL 3 says \
"unsupported"), and configure those:

    openssl pkcs12 -in FILE -nokeys -out chain.pem
    openssl pkcs12 -in FILE -nocerts -nodes -out key.pem

With `--password-file` the certificates in it are judged before."""


_PASSWORD = """Give its password: in the first line of a file, so that it does not show in the \
list of processes,

    edgecheck check FILE --password-file password.txt

or in Python as `edgecheck.check(..., password="...")`. Whether it is the right one shows

    openssl pkcs12 -info -noout -in FILE"""


@rule(
    "input.unopened-container",
    title="No certificate could be taken out of a container",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["unopened"],
    act=Act.EDIT,
    references=[
        rfc(5652, "5.1"),
        rfc(7292, "4"),
    ],
)
def unopened_container(problem: Problem, case: Case) -> Violation:
    """It calls itself a container of certificates, and is damaged, empty, or of a rare kind.

    PKCS#7 may also hold other things than certificates, such as an encrypted mail, and an
    export of a key alone makes PKCS#12 without any.

    Remedy:
    Export it anew, and see what is in it:

        openssl pkcs7 -print_certs -noout -in FILE
        openssl pkcs12 -info -noout -in FILE
    """
    form, _, why = detail(problem).partition(": ")
    name = safe(problem.source)
    return violation(
        [problem],
        f"no certificate was read from {form if ' ' in form else f'this {form}'}: {why}",
        wanted="certificates",
        found=why,
        remedy=_EXPORT.get(form, "").replace("FILE", name) or None,
    )


_EXPORT = {
    NAMES["jks"]: """Export it anew, and see what is in it:

    keytool -list -v -keystore FILE
    keytool -list -rfc -keystore FILE | edgecheck check -""",
    NAMES["sst"]: """Export it anew, and see what is in it (on Windows):

    certutil -dump FILE""",
}
"""For containers that OpenSSL does not open."""


@rule(
    "input.der",
    title="The certificates are binary (DER), which the runtime does not read from files",
    severity=INFO,
    over=Over.PROBLEM,
    kinds=["der"],
    act=Act.EDIT,
    references=[
        _FIRST,
        issue("Azure/iotedge", 6044),
        measured("OpenSSL's and Go's readers of PEM find nothing in it; Java and Node read it"),
    ],
)
def der(problem: Problem, case: Case) -> Violation:
    """The input is binary. That is right for what was captured from a connection.

    As a file on the gateway it is not: every version of the runtime reads PEM alone, and up to
    1.1 says "Failure obtaining first certificate". Windows saves certificates (.cer) so unless
    it is told to use base64.

    Remedy:
    Convert each certificate to PEM before the gateway uses it:

        openssl x509 -inform DER -in FILE -out fixed.pem
    """
    return _another_form(problem, case, "binary (DER)", "DER")


@rule(
    "input.other-form",
    title="The certificates come in a form that no reader of PEM knows",
    severity=INFO,
    over=Over.PROBLEM,
    kinds=["other-form"],
    act=Act.EDIT,
    references=[
        rfc(7468, "2"),
        _FIRST,
        measured("OpenSSL 3.0, Node, Go and Java find no certificate in it where they read PEM"),
    ],
)
def other_form(problem: Problem, case: Case) -> Violation:
    r"""The certificates stand there as base64 or hex alone, in a value of XML, JSON or YAML.

    A Secret of Kubernetes, an XML document, an array of C, a hex dump, a mail in
    quoted-printable, a key store of Java (JKS): all of it is read and judged here like PEM. The
    runtime, and whatever else reads PEM from a file, finds nothing in it.

    Remedy:
    As a file on the gateway, it must be PEM: each certificate as base64 in its own lines, between

        -----BEGIN CERTIFICATE-----
        -----END CERTIFICATE-----

    Let the program that made it write PEM (Windows calls it "Base-64 encoded X.509"), or take the
    value out and write these lines around it.
    """
    form = detail(problem)
    remedy = next((text for begin, text in _AS_PEM.items() if form.startswith(begin)), None)
    return _another_form(problem, case, form, form, remedy=remedy)


_AS_PEM = {
    "PEM in base64": """As a file on the gateway, it must be decoded; what is only base64 by

    base64 -d FILE > fixed.pem

and a Secret of Kubernetes by

    kubectl get secret NAME -o jsonpath='{.data.tls\\.crt}' | base64 -d > fixed.pem""",
    "base64 without": """As a file on the gateway, it must be PEM. One certificate becomes it by

    base64 -d FILE | openssl x509 -inform DER -out fixed.pem""",
    "hexadecimal digits": """As a file on the gateway, it must be PEM. One certificate becomes it by

    xxd -r -p FILE | openssl x509 -inform DER -out fixed.pem

and of what has offsets before its lines by `xxd -r FILE`.""",
    "a key store of Java": """As a file on the gateway, it must be PEM, as this prints it:

    keytool -list -rfc -keystore FILE > fixed.pem""",
}
"""By how the form begins that the reader found."""
