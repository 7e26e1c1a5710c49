"""What OpenSSL's queue of errors says of a certificate that d2i_X509 does not take."""

from typing import NamedTuple

from edgecheck.behaviour.openssl import decode, times
from edgecheck.clients.answer import Answer
from edgecheck.clients.openssl.builds import OPENSSL_3_0, Build

NESTED = "nested asn1 error"


class Place(NamedTuple):
    """Where an error of the ASN.1 routines is raised, at 3.0.

    Attributes:
        reason: its number as the last two digits (asn1err.h).
        function: its name, and its number before 3.0 (three digits).
        file: the source file, with the line where that is known.
        nested: how often `nested asn1 error` follows.
    """

    reason: str
    function: str
    number: str
    file: str
    nested: int


PLACES = {
    decode.PADDING: Place("DD", "c2i_ibuf", "0E2", "a_int.c:193", 2),
    decode.NO_CONTENT: Place("DE", "c2i_ibuf", "0E2", "a_int.c:160", 2),
    decode.EXPLICIT: Place("77", "asn1_template_ex_d2i", "084", "tasn_dec.c:579", 1),
    decode.SEQUENCE: Place("94", "asn1_item_embed_d2i", "078", "tasn_dec.c:471", 2),
    decode.WRONG_TAG: Place("A8", "asn1_check_tlen", "068", "tasn_dec.c:1225", 4),
    decode.TOO_LONG: Place("9B", "ASN1_get_object", "072", "asn1_lib.c", 2),
    decode.BIT_STRING: Place("DC", "c2i_ASN1_BIT_STRING", "0BD", "a_bitstr.c", 2),
    decode.OBJECT: Place("D8", "c2i_ASN1_OBJECT", "0C4", "a_object.c", 2),
    decode.BOOLEAN: Place("6A", "asn1_ex_c2i", "0CC", "tasn_dec.c:908", 4),
    decode.MISSING: Place("79", "asn1_item_embed_d2i", "078", "tasn_dec.c:491", 3),
    times.SHORT_UTC: Place("E9", "asn1_ex_c2i", "", "tasn_dec.c:966", 3),
    times.SHORT_GENERALIZED: Place("E8", "asn1_ex_c2i", "", "tasn_dec.c:962", 3),
}


def told(answer: Answer) -> str | None:
    """What d2i_X509 says of a certificate that was sent or is trusted; None: it says nothing."""
    code = answer.facts if answer.code == decode.TRUST else answer.code
    return code if code in PLACES else None


def error(code: str, folder: str, build: Build = OPENSSL_3_0) -> str:
    """`error:068000A8:asn1 encoding routines:asn1_check_tlen:wrong tag:../crypto/asn1/...:`."""
    place = PLACES[code]
    file = f"tasn_dec.c:{build.tag}" if code == decode.WRONG_TAG else place.file
    return (
        f"error:068000{place.reason}:asn1 encoding routines:{place.function}:{code}:"
        f"{folder}crypto/asn1/{file}:"
    )


def queue(code: str, trusted: bool, named: bool) -> list[tuple[str, str, str]]:
    """All errors in their order, `named` with the functions, as before 3.0.

    `trusted`: of a certificate that is trusted, which is loaded from a file.
    """
    place = PLACES[code]
    routines = "asn1 encoding routines"

    def made(library: str, function: str, text: str) -> tuple[str, str, str]:
        return library, function if named else "", text

    found = [made(routines, place.function, code)]
    found += [made(routines, "asn1_template_noexp_d2i", NESTED)] * place.nested
    if trusted:
        found.append(made("PEM routines", "PEM_X509_INFO_read_bio", "ASN1 lib"))
        return [*found, made("x509 certificate routines", "X509_load_cert_crl_file", "PEM lib")]
    return [*found, made("SSL routines", "tls_process_server_certificate", "ASN1 lib")]
