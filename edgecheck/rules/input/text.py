"""Rules about the text around PEM blocks: encodings, line ends, remarks."""

from edgecheck.reading.pem_text import BEFORE_BEGIN
from edgecheck.reading.problems import Problem
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Over, Violation, rule
from edgecheck.rules.input.shared import detail, of_a_paste, read_there, together, violation
from edgecheck.rules.references import edge, issue, measured, openssl, rfc


@rule(
    "input.byte-order-mark",
    title="The text starts with a byte order mark",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["utf8-bom"],
    act=Act.EDIT,
    references=[
        issue("openssl/openssl", 6281),
        openssl("crypto/pem/pem_lib.c"),
        measured(
            "right before BEGIN, OpenSSL 1.1.1l and Go 1.27 lose that certificate without a word "
            "and Java 17 refuses the file; OpenSSL 3.0 reads it"
        ),
    ],
)
def byte_order_mark(problem: Problem, case: Case) -> Violation | None:
    r"""Three invisible bytes (EF BB BF) stand before the text, as Windows editors write them.

    Where BEGIN follows at once, its line no longer starts with a hyphen: OpenSSL before 3.0
    and Go lose the first certificate, which is the device CA, and Java refuses the file.
    OpenSSL since 3.0 skips the mark. Before a remark it harms only those who read the file as
    ASCII, such as Python's `load_verify_locations(cadata=...)`.

    Remedy:
    Save the file without it ("UTF-8", not "UTF-8 with BOM"), or remove it:

        sed -i 's/\xef\xbb\xbf//' FILE
    """
    found = together(problem, case, {"utf8-bom"})
    if not found:
        return None
    before_begin = any(p.detail == BEFORE_BEGIN for p in found)
    return violation(
        found,
        "a byte order mark stands " + (BEFORE_BEGIN if before_begin else "before the text"),
        wanted="text without a byte order mark",
        found="EF BB BF",
        severity=of_a_paste(ERROR if before_begin else WARNING, found, case),
    )


@rule(
    "input.utf-16",
    title="The text is encoded in UTF-16 or UTF-32",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["utf16"],
    act=Act.EDIT,
    references=[
        rfc(7468, "2"),
        openssl("crypto/pem/pem_lib.c"),
        measured(
            "OpenSSL 1.1.1 and 3.0, Node, Go, Java and cryptography find no certificate in it"
        ),
    ],
)
def utf_16(problem: Problem, case: Case) -> Violation:
    """Every character takes two bytes (or four), as Windows PowerShell writes with `>`.

    An editor shows the file as if all were well, but no reader of PEM finds a certificate in
    it: OpenSSL, and the runtime with it, says "no start line".

    Remedy:
    Convert the file:

        iconv -f UTF-16 -t UTF-8 FILE > fixed.pem

    (or `-f UTF-32`). In PowerShell write it with `Out-File -Encoding ascii`.
    """
    coding = "UTF-32" if problem.detail.startswith("utf-32") else "UTF-16"
    return violation(
        [problem],
        f"the text is encoded in {coding} ({detail(problem)})",
        wanted="ASCII or UTF-8",
        found=detail(problem),
        severity=of_a_paste(ERROR, [problem], case),
    )


_LINE_ENDS = {
    "lone-cr": ("CR alone", ERROR),
    "cr-cr-lf": ("CR CR LF", WARNING),
    "mixed-line-ends": ("of several kinds", INFO),
    "crlf": ("CR LF", INFO),
}
"""The worst first."""


@rule(
    "input.line-ends",
    title="The line ends are not those of Linux",
    severity=INFO,
    over=Over.PROBLEM,
    kinds=["crlf", "cr-cr-lf", "lone-cr", "mixed-line-ends"],
    act=Act.EDIT,
    references=[
        rfc(7468, "2"),
        edge("edgelet/hsm-sys/azure-iot-hsm-c/src/edge_pki_openssl.c"),
        measured(
            "all read CR LF, also mixed with LF; with CR CR LF Go finds no certificate; OpenSSL, "
            "Node and Go find none in lines that end in CR alone"
        ),
    ],
)
def line_ends(problem: Problem, case: Case) -> Violation | None:
    r"""The lines end as on Windows (CR LF), as on an old Macintosh (CR), or in several ways.

    Every reader takes CR LF. One thing to know: up to 1.1 the daemon compares its cached
    certificates with the device CA file byte by byte, so that saving the file with other line
    ends makes the next start remove all modules. A CR alone is no line end for OpenSSL, which
    then finds no certificate; CR CR LF, from a transfer in text mode, stops Go.

    Remedy:
    Write the file with LF:

        sed -i 's/\r*$//' FILE

    or, where lines end in CR alone, `tr '\r' '\n' < FILE > fixed.pem`.
    """
    found = together(problem, case, _LINE_ENDS)
    kinds = {p.kind: p for p in found}
    worst = next((kinds[kind] for kind in _LINE_ENDS if kind in kinds), None)
    if worst is None:
        return None
    words, severity = _LINE_ENDS[worst.kind]
    if severity is INFO and not read_there(problem, case):
        return None  # nothing could be read, and this is not why
    return violation(
        [worst],
        f"line ends are {words} ({detail(worst)})",
        wanted="LF",
        found=words,
        severity=of_a_paste(severity, found, case),
        evidence={"counted": detail(worst)},
    )


@rule(
    "input.text-between-blocks",
    title="Text stands outside the PEM blocks",
    severity=INFO,
    over=Over.PROBLEM,
    kinds=["text-between-blocks"],
    act=Act.NOTHING,
    references=[
        rfc(7468, "5.2"),
        measured("OpenSSL 1.1.1 and 3.0, Node, Go, Java and cryptography pass over it"),
    ],
)
def text_between_blocks(problem: Problem, case: Case) -> Violation | None:
    """Lines like `subject=` and `issuer=`, or `Bag Attributes`, stand around the certificates.

    `openssl` prints them, and every reader passes over them. They may say something else than
    the certificates do, since nobody checks them; this report goes by the certificates alone.

    Remedy:
    none, because it harms nothing; who wants the blocks alone gets them from

        sed -n '/-----BEGIN CERT/,/-----END CERT/p' FILE > fixed.pem
    """
    found = together(problem, case, {"text-between-blocks"})
    if not found or not read_there(problem, case):
        return None
    places = f", in {len(found)} places" if len(found) > 1 else ""
    return violation(
        found,
        f"text stands outside the blocks{places}",
        wanted="PEM blocks alone",
        found="text",
        evidence={"lines": [p.first_line for p in found]},
    )
