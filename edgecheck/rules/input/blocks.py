"""Rules about the lines of PEM blocks: markers, and what stands beside them."""

from edgecheck.reading.problems import Problem
from edgecheck.rules.engine.case import Case
from edgecheck.rules.engine.rule import ERROR, INFO, WARNING, Act, Over, Violation, rule
from edgecheck.rules.input.shared import (
    IN_A_STRING,
    block,
    detail,
    in_a_string,
    of_a_paste,
    place,
    together,
    violation,
)
from edgecheck.rules.references import identity_service, measured, openssl, rfc

_READER = openssl("crypto/pem/pem_lib.c")


@rule(
    "input.missing-end",
    title="A PEM block has no END line",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["missing-end"],
    act=Act.EDIT,
    references=[
        rfc(7468, "3"),
        _READER,
        measured(
            "OpenSSL 1.1.1 and 3.0 lose the certificate without a word where another block "
            'follows, and stop with "bad end line" at the end of the file; Java refuses the file'
        ),
    ],
)
def missing_end(problem: Problem, case: Case) -> Violation:
    """A BEGIN line is not followed by its END line: mostly a file that was cut off or pasted.

    OpenSSL, with which the runtime reads its files, drops the block without a word if another
    BEGIN follows, so a chain becomes shorter than its file looks. Go drops it too, Java and
    `cryptography` refuse the whole file.

    Remedy:
    Copy the file anew from where it was made. If all of the base64 is there, add the line

        -----END CERTIFICATE-----

    behind it; `openssl x509 -noout -subject -in FILE` then shows the certificate.
    """
    return violation(
        [problem],
        f"{block(problem, case=case)} has no END line ({detail(problem)})",
        wanted="-----END CERTIFICATE-----",
        found=detail(problem),
    )


@rule(
    "input.mismatched-end",
    title="A PEM block ends with the END line of another kind of block",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["mismatched-end"],
    act=Act.EDIT,
    references=[
        rfc(7468, "2"),
        _READER,
        measured('OpenSSL 1.1.1 and 3.0 stop with "bad end line"; Java and cryptography refuse it'),
    ],
)
def mismatched_end(problem: Problem, case: Case) -> Violation:
    """BEGIN and END of a block must carry the same label, and these do not.

    It comes from editing by hand, or from two files that were joined in the middle of a block.
    OpenSSL stops there with "bad end line" and reads nothing of what follows.

    Remedy:
    Give the END line the label of the BEGIN line, `-----END CERTIFICATE-----`. Where two files
    were joined wrongly, join the originals anew:

        cat device-ca.pem intermediate.pem root.pem > device-ca-full-chain.pem
    """
    return violation(
        [problem],
        f'{block(problem, case=case)} ends with the label "{detail(problem)}"',
        wanted="the label of its BEGIN line",
        found=detail(problem),
    )


@rule(
    "input.missing-begin",
    title="A PEM block has no BEGIN line",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["end-without-begin"],
    act=Act.EDIT,
    references=[
        rfc(7468, "3"),
        _READER,
        measured(
            "OpenSSL, Go and cryptography lose the certificate without a word; Java refuses the "
            "whole file, also where the END line is just one too many"
        ),
    ],
)
def missing_begin(problem: Problem, case: Case) -> Violation:
    """An END line stands there for which nothing began.

    What precedes it is not seen as a certificate: OpenSSL, with which the runtime reads its
    files, passes over it without a word. An END line that is merely repeated costs nothing
    with OpenSSL and Go, but Java refuses the file with "Illegal header".

    Remedy:
    Add the line

        -----BEGIN CERTIFICATE-----

    before the base64 that ends there, or remove an END line that stands alone.
    """
    label, _, stray = detail(problem).partition(", ")
    if stray:
        return violation(
            [problem],
            f'an END line of "{label}" stands alone, behind no block',
            wanted="one END line for each BEGIN line",
            found="an END line too many",
            severity=WARNING,
        )
    return violation(
        [problem],
        f'the block that ends here as "{label}" has no BEGIN line',
        wanted=f"-----BEGIN {label}-----",
        found=None,
    )


@rule(
    "input.broken-marker",
    title="A BEGIN or END line is not written as it must be",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["broken-marker"],
    act=Act.EDIT,
    references=[
        rfc(7468, "3"),
        _READER,
        measured(
            "with another number of dashes, blanks, small letters or typographic dashes OpenSSL, "
            "Go and cryptography lose the certificate, at END OpenSSL stops; Java refuses the file"
        ),
    ],
)
def broken_marker(problem: Problem, case: Case) -> Violation | None:
    """A line was meant as BEGIN or END, but does not have its exact form.

    The form is five hyphens, BEGIN or END, one blank, the label in capitals, five hyphens. Text
    that passed through an editor, a chat or a ticket has other dashes or lost one. OpenSSL
    then does not see a certificate at all, and says nothing.

    Remedy:
    Write the line exactly as

        -----BEGIN CERTIFICATE-----
        -----END CERTIFICATE-----

    or copy the file anew, as a file and not as text.
    """
    found = together(problem, case, {"broken-marker"})
    if not found:
        return None
    marker, _, flaw = detail(problem).rpartition(": ")
    message = f'"{marker}" is not written as a marker must be ({flaw})'
    if len(found) > 1:
        message += f"; {len(found) - 1} more like it"
    return violation(
        found,
        message,
        wanted="-----BEGIN CERTIFICATE----- or -----END CERTIFICATE-----",
        found=flaw,
        severity=of_a_paste(ERROR, found, case),
        evidence={"lines": [p.first_line for p in found]},
    )


@rule(
    "input.joined-blocks",
    title="A line break is missing beside a BEGIN or END line",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["joined-blocks", "joined-lines"],
    act=Act.EDIT,
    references=[
        rfc(7468, "3"),
        _READER,
        identity_service("cert/aziot-certd/src/lib.rs"),
        measured(
            'OpenSSL 1.1.1 and 3.0 stop with "bad end line" at END and BEGIN on one line, and lose '
            "a block whose marker shares its line with base64, as Go does; cryptography reads both"
        ),
    ],
)
def joined_blocks(problem: Problem, case: Case) -> Violation | None:
    r"""A BEGIN or END shares its line with another one, or with base64.

    It happens where files without a line end at their end are joined with `cat`, and where a
    variable is printed without its line ends. OpenSSL stops where END and BEGIN share a line,
    and does not see a block whose BEGIN or END shares one with base64; `cryptography` and
    edgeHub's own reader find them all, so half of a system works. Since 1.2 the runtime itself
    joins the device CA file and the trust bundle, byte by byte.

    Remedy:
    Put every BEGIN and END on a line of its own:

        sed 's/-----BEGIN/\n&/g; s/-----END/\n&/g; s/CERTIFICATE-----/&\n/g' FILE |
            sed '/^[[:blank:]]*$/d' > fixed.pem

    and end every file with a line end before files are joined.
    """
    found = together(problem, case, {"joined-blocks", "joined-lines"})
    if not found:
        return None
    blocks = any(p.kind == "joined-blocks" for p in found)
    what = "END and BEGIN" if blocks else "base64 and a BEGIN or END"
    times = f", {len(found)} times" if len(found) > 1 else ""
    return violation(
        found,
        f"{what} share a line{times}",
        wanted="every BEGIN and END on a line of its own",
        found=f"{what} on one line",
        severity=of_a_paste(ERROR, found, case),
        explained_by=IN_A_STRING if in_a_string(problem, case) else frozenset(),
        evidence={"lines": sorted({p.first_line or 0 for p in found})[:100]},
    )


_PLACES = {"body": "before base64 (blanks alone)", "quoted body": "beside base64"}
"""What the reader calls the places within a block; the others are words already."""


@rule(
    "input.indented-block",
    title="Something stands before or behind the lines of a PEM block",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["indented-block"],
    act=Act.EDIT,
    references=[
        rfc(7468, "3"),
        _READER,
        measured(
            "OpenSSL 1.1.1 and 3.0, Node, Go and Java find no certificate in an indented file, "
            "cryptography does; blanks before base64 alone are read by all"
        ),
    ],
)
def indented_block(problem: Problem, case: Case) -> Violation | None:
    r"""Lines are indented, quoted, or carry something else beside the block's own text.

    A certificate that was copied out of YAML, a mail, a shell script or XML keeps the blanks,
    quotes and tags around it. For OpenSSL a line that starts with anything but the five
    hyphens begins no block: "no start line". Something behind END is a "bad end line".

    Remedy:
    Remove what stands before and behind the lines:

        sed -E 's/^.*(-----BEGIN|-----END)/\1/; s/^[[:blank:]>"]+//' FILE |
            sed -E 's/(-----)[^-]+$/\1/; s/[[:blank:]",;]+$//' > fixed.pem
    """
    found = together(problem, case, {"indented-block"})
    if not found:
        return None
    if in_a_string(problem, case):
        return None  # the quotes of a string, from which `input.literal-newlines` takes it out
    places = dict.fromkeys(_PLACES.get(d, d) for p in found for d in p.detail.split(", "))
    where = ", ".join(places)
    return violation(
        found,
        f"something stands {where}, in {block(*found, case=case)}",
        wanted="lines that start and end with their own text",
        found=f"something {where}",
        severity=INFO if list(places) == [_PLACES["body"]] else of_a_paste(ERROR, found, case),
        evidence={"lines": [p.first_line for p in found][:100]},
    )


@rule(
    "input.literal-newlines",
    title="Line ends are written as a backslash and the letter n",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["literal-newlines"],
    act=Act.EDIT,
    references=[
        rfc(7468, "3"),
        _READER,
        measured(
            "OpenSSL 1.1.1 and 3.0, Node, Go, Java and cryptography find no certificate in it"
        ),
    ],
)
def literal_newlines(problem: Problem, case: Case) -> Violation | None:
    r"""The file holds the two characters `\n` where a line end belongs.

    That is how PEM looks in JSON, in an environment variable, in a Key Vault secret; somebody
    saved the string without decoding it. For OpenSSL and every other reader it is one long
    line without a certificate: "no start line".

    Remedy:
    Let the shell turn them into line ends:

        printf '%b' "$(cat FILE)" > fixed.pem

    or take the value out with a tool that decodes it, such as `jq -r .value`, or `cfssljson -bare`
    for what cfssl answers.
    """
    found = together(problem, case, {"literal-newlines"})
    if not found:
        return None
    return violation(
        found,
        rf"the line ends of {block(*found, case=case)} are the characters \n",
        wanted="line ends",
        found=r"the characters \n",
        severity=of_a_paste(ERROR, found, case),
        remedy=_OUT_OF_A_STRING if in_a_string(problem, case) else None,
        evidence={"lines": sorted({p.first_line or 0 for p in found})[:100]},
    )


_OUT_OF_A_STRING = r"""
Take the value out with a tool that decodes it, such as `jq -r .value`, or `cfssljson -bare` for
what cfssl answers. Where there is none, this does it for the certificates alone:

    printf '%b' "$(cat FILE)" |
        sed 's/-----END CERTIFICATE-----/&\n/g' | sed 's/.*\(-----BEGIN CERTIFICATE-----\)/\1/' |
        sed -n '/^-----BEGIN CERTIFICATE-/,/^-----END CERTIFICATE-/p' > fixed.pem""".strip()


@rule(
    "input.blank-lines",
    title="A blank line stands within a PEM block",
    severity=ERROR,
    over=Over.PROBLEM,
    kinds=["blank-lines"],
    act=Act.EDIT,
    references=[
        rfc(7468, "3"),
        _READER,
        measured(
            'OpenSSL 1.1.1 and 3.0 and Node stop with "not proc type" or "bad end line", and read '
            "nothing of what follows; Go and Java read it"
        ),
    ],
)
def blank_lines(problem: Problem, case: Case) -> Violation | None:
    """There is an empty line between the lines of base64, or before END.

    OpenSSL takes what stands before an empty line for the headers of the block, finds no
    header in it, and gives up the whole file; one empty line right behind BEGIN is the
    exception. Mail programs and editors that double every line end make such files.

    Remedy:
    Remove the empty lines:

        sed -i '/^[[:blank:]]*$/d' FILE
    """
    found = together(problem, case, {"blank-lines"})
    if not found:
        return None
    return violation(
        found,
        f"there are blank lines within {block(*found, case=case)}",
        wanted="base64 without blank lines",
        found=f"the first in {place(problem)}",
        severity=of_a_paste(ERROR, found, case),
    )
