"""What edgeHub takes for the common name of a device's certificate.

It takes the text of `X509Certificate2.Subject` apart at its commas (`GetCommonNameFromSubject` in
CertificateHelper.cs, alike at 1.0.6 to 1.6.1). .NET writes that text with the last relative name
first, and puts values into quotation marks that have one of some characters
(`X500NameEncoder.X500DistinguishedNameDecode` at 8.0). So edgeHub knows no device whose id .NET has
to quote.
"""

from edgecheck.reading.names import SHORT, Name

_QUOTED = frozenset(',+="\n<>#;')
"""Characters for which .NET puts a value into quotation marks."""


def common_name_for_edge_hub(name: Name) -> str | None:
    """Return what edgeHub takes for the common name, which may be a part of it; None without."""
    found: str | None = None
    for part in _text(name).split(","):
        if part.strip()[:2].upper() == "CN":
            pieces = [piece for piece in part.strip().split("=") if piece]
            if len(pieces) > 1:
                found = pieces[1].strip()
    return found


def _text(name: Name) -> str:
    """A name as .NET writes it, as far as it bears on common names: other types have other words.

    Values that are no string are there in hexadecimal.
    """
    return ", ".join(
        " + ".join(f"{SHORT.get(kind, kind)}={_value(value)}" for kind, _, value in rdn)
        for rdn in reversed(name.rdns)
    )


def _value(value: str | bytes) -> str:
    text = value if isinstance(value, str) else value.hex()
    blank = text[:1].isspace() or text[-1:].isspace()
    if text and not blank and _QUOTED.isdisjoint(text):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
