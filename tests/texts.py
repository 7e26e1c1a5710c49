"""What a report and the pages say, as sentences, and which words in them need explaining."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from edgecheck import Report
from edgecheck.reporting.document.blocks import Document, Note
from edgecheck.reporting.document.build import document

LONGEST = 199
"""Letters of a sentence that can be read at once."""
VALUE = '"…"'
"""What stands for a value that is quoted: how long somebody's names are says nothing of ours."""
_QUOTED = re.compile(r'"[^"]*"')
_LINK = re.compile(r"\]\([^)]*\)")
_ITEM = re.compile(r"(?:[-*]|\d+\.) +")
_ENDS = re.compile(r"(?<=[.?!]) ")
_CLIENTS = re.compile(r"^(It is accepted by|It is not known what it is to) .*")
"""A list of names, behind which nothing else comes."""


def blocks(text: str) -> Iterator[str]:
    """Prose by paragraphs and items of lists; what is code, a table or a heading is left out."""
    words: list[str] = []
    fenced = False
    for line in [*text.splitlines(), ""]:
        said = line.strip()
        if said.startswith("```"):
            fenced, said = not fenced, ""
        if fenced or line.startswith("    ") or said.startswith(("|", "<!--", "#")):
            said = ""
        item = _ITEM.match(said)
        if words and (not said or item):
            yield " ".join(words)
            words = []
        if said:
            words.append(said[item.end() :] if item else said)


def sentences(text: str) -> Iterator[str]:
    """Sentences, each of which ends at a full stop and a space, or with its block."""
    for block in blocks(text):
        plain = _QUOTED.sub(VALUE, _LINK.sub("]", block))
        yield from (_CLIENTS.sub(r"\1 …", each) for each in _ENDS.split(plain))


def texts(report: Report) -> Iterator[tuple[str, str]]:
    """What a report says in prose, each with the name of what says it."""
    made = document(report)
    for finding in report.findings:
        yield f"message of {finding.rule.id}", finding.message
        yield f"remedy of {finding.rule.id}", finding.remedy
    for block in made.findings:
        yield f"why of {block.rule}", block.why
        yield f"measured of {block.rule}", block.seen
    for act in made.acts:
        yield "act", act.words
        yield from (("instruction", each) for each in act.instructions)
    yield from (("note", each.words.text) for each in made.tree.below if isinstance(each, Note))
    yield from (("undecided", each.because) for each in made.undecided)
    yield from (("other", each) for each in _others(made) if each)


def whole(report: Report) -> str:
    """All prose of a report and its values; but for the tree, which is a table of names."""
    made = document(report)
    parts = ["\n".join(blocks(text)) for _, text in texts(report)]
    parts += [f"{value.name}: {value.short}" for block in made.findings for value in block.values]
    parts += [effect.message for block in made.findings for effect in block.follows]
    return "\n".join(parts)


def _others(made: Document) -> Iterator[str]:
    yield from (made.told, made.tree.none, made.tree.ended, *made.remarks, *made.counts)
    if made.summary is not None:
        yield made.summary.first
    if made.matrix is not None:
        yield made.matrix.none
        yield from (group.because for group in made.matrix.groups)


def pages(root: Path) -> list[Path]:
    """Pages about rules, and about what programs print."""
    docs = root / "docs"
    found = [*(docs / "rules").rglob("*.md"), *(docs / "symptoms").glob("*.md")]
    return sorted([*found, docs / "symptoms.md"])


# --- words --------------------------------------------------------------------------------------

NEVER = "(?!)"
TERMS = {
    # abbreviations that only who writes of certificates knows
    r"SANs?": NEVER,
    r"EKUs?": NEVER,
    r"AKIs?|SKIs?": NEVER,
    r"RDNs?|AVAs?": NEVER,
    r"OIDs?": NEVER,
    r"CN|DN": "common name",
    r"CRLs?": "revo|cRLDistributionPoints",
    r"OCSP": "revo|status",
    r"DPS": "[Pp]rovision",
    # words of RFC 5280 and X.509 that mean something else, or nothing, to others
    r"anchors?": NEVER,
    r"octets?": NEVER,
    r"[AU]-labels?": "xn--",
    r"(?<!RFC 5280, )(?<!RFC 5280: )(?<!RFC 5280, section )6\.\d\.\d": NEVER,
    r"DER|BER|CER": "form\b|encod|binary|one way to write",
    r"BMPString|PrintableString|UTF8Strings?|VisibleString|T61String": "types?|kinds? of text",
    r"UTCTime|GeneralizedTime": "year|second|digits",
    r"notAfter|notBefore": "ends?|begins?|expire|valid",
    r"salt|RSASSA-PSS": "signature",
    # names of extensions: whoever edits openssl.cnf needs them, with what they are about
    r"subjectAltName": "names?|extension",
    r"issuerAltName": "names?",
    r"extendedKeyUsage|extKeyUsage|anyExtendedKeyUsage|serverAuth|clientAuth": (
        "for (?:clients|servers)|to serve|a server|purpose|is for \\(|extension"
    ),
    r"keyUsage|keyCertSign|cRLSign|digitalSignature|keyEncipherment|keyAgreement": "sign|use",
    r"basicConstraints": "CA",
    r"pathLen\w*": "path length|CAs? below",
    r"nameConstraints": "names?|extension",
    r"subjectKeyIdentifier|authorityKeyIdentifier": "keys?",
    r"certificatePolicies|policyConstraints|policyMappings|inhibitAnyPolicy": (
        "polic(?:y|ies)|extension"
    ),
    r"nsCertType|proxyCertInfo|caIssuers|authorityInfoAccess|[cC]rlDistributionPoints": (
        "address|where|what|which|look"
    ),
}
"""Terms, and what has to stand in the same text, so that a reader can tell what they are about."""
_CODE = re.compile(r"`[^`]*`")
_NAME = re.compile(r"\b(?:CN|OU|O|C|L|ST|DC) ?= ?[^;:\n]*")
"""A name out of a certificate."""


def unexplained(text: str) -> list[str]:
    """Terms in a text that it does not explain; marked as code they are what a program shows."""
    plain = _NAME.sub("…", _CODE.sub("``", _QUOTED.sub(VALUE, text)))
    found = []
    for term, meaning in TERMS.items():
        at = re.search(rf"(?<![\w.-])(?:{term})(?![\w-])", plain)
        if at is not None and re.search(meaning, _without(plain, term)) is None:
            found.append(f"{at[0]}: ...{plain[max(0, at.start() - 60) : at.end() + 40]}...")
    return found


def _without(text: str, term: str) -> str:
    """The text without the term, which does not explain itself."""
    return re.sub(rf"(?<![\w.-])(?:{term})(?![\w-])", "", text)


_DIGEST = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40})(?![0-9A-Za-z])")
_LABEL = re.compile(r"(?:SHA-256|SHA-1|identifier|number|thumbprint of \S+ is) $")
"""What a digest is, in front of it."""
_OF = re.compile(r",? (?:the|its) SHA-(?:1|256) of ")
"""The same behind it."""


def bare(text: str) -> list[str]:
    """Digests in a text beside which nothing says what they are of."""
    plain = _QUOTED.sub(VALUE, text)
    return [
        found[0]
        for found in _DIGEST.finditer(plain)
        if not _LABEL.search(plain[: found.start()]) and not _OF.match(plain[found.end() :])
    ]
