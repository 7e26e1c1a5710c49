"""Whatever the bytes or the text, made up from nothing: no exception, an end, and a report."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_any_bytes import LONG, judged


@settings(max_examples=2_000 if LONG else 200)
@given(st.binary(max_size=2_000))
def test_any_bytes_give_a_report(data: bytes) -> None:
    judged(data)


@settings(max_examples=2_000 if LONG else 200)
@given(st.binary(max_size=2_000))
def test_any_bytes_that_call_themselves_der_give_a_report(data: bytes) -> None:
    judged(b"\x30" + data)


@settings(max_examples=2_000 if LONG else 200)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "-----BEGIN CERTIFICATE-----",
                    "-----END CERTIFICATE-----",
                    "-----BEGIN PRIVATE KEY-----",
                    "-----END PKCS7-----",
                    "Certificate chain",
                    " 0 s:CN = gw",
                    "MIIB",
                    "\ufeff",
                    "\r",
                ]
            ),
            st.text(max_size=80),
        ),
        max_size=30,
    ).map("\n".join)
)
def test_any_text_gives_a_report(text: str) -> None:
    """Text of one line is taken for a path, and refused; it comes as bytes here."""
    judged(text if "\n" in text else text.encode("utf-8", "surrogatepass"))
