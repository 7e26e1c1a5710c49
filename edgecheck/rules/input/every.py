"""All rules of the family, in the order of the catalogue."""

from edgecheck.rules.input.blocks import (
    blank_lines,
    broken_marker,
    indented_block,
    joined_blocks,
    literal_newlines,
    mismatched_end,
    missing_begin,
    missing_end,
)
from edgecheck.rules.input.certificates import (
    algorithm_mismatch,
    duplicate_extension,
    malformed_certificate,
)
from edgecheck.rules.input.containers import (
    der,
    locked_container,
    other_form,
    pkcs7,
    pkcs12,
    unopened_container,
)
from edgecheck.rules.input.contents import (
    damaged_base64,
    header_lines,
    not_a_certificate,
    other_label,
    private_key,
    trailing_data,
    unreadable_certificate,
)
from edgecheck.rules.input.facts import unreadable_fact
from edgecheck.rules.input.text import (
    byte_order_mark,
    line_ends,
    text_between_blocks,
    utf_16,
)
from edgecheck.rules.input.transcripts import (
    certificates_cut_out,
    no_certificate_came,
    transcript_verdict,
)
from edgecheck.rules.input.whole import (
    configuration,
    no_certificate,
    nothing_in_file,
    over_limit,
    transcript_without_certificates,
)

__all__ = [
    "algorithm_mismatch",
    "blank_lines",
    "broken_marker",
    "byte_order_mark",
    "certificates_cut_out",
    "configuration",
    "damaged_base64",
    "der",
    "duplicate_extension",
    "header_lines",
    "indented_block",
    "joined_blocks",
    "line_ends",
    "literal_newlines",
    "locked_container",
    "malformed_certificate",
    "mismatched_end",
    "missing_begin",
    "missing_end",
    "no_certificate",
    "no_certificate_came",
    "not_a_certificate",
    "nothing_in_file",
    "other_form",
    "other_label",
    "over_limit",
    "pkcs7",
    "pkcs12",
    "private_key",
    "text_between_blocks",
    "trailing_data",
    "transcript_verdict",
    "transcript_without_certificates",
    "unopened_container",
    "unreadable_certificate",
    "unreadable_fact",
    "utf_16",
]
