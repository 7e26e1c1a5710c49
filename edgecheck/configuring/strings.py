"""Connection strings, of which the key is never kept."""

from collections.abc import Iterator

from edgecheck.reading.late import late
from edgecheck.settings import ConnectionString

_STRING = late(
    r"""(?:^|[\s"'=>\[,:])((?:HostName|DeviceId|GatewayHostName|ModuleId|x509|"""
    r"""SharedAccess(?:Key|Signature|KeyName))=[^\s"'<>]+)""",
    2,  # IGNORECASE
)
_PARTS = ("hostname", "deviceid", "gatewayhostname")


def parts(text: str) -> dict[str, str]:
    """Return what a connection string says that is no secret, by names in lower case."""
    found = {}
    for part in text.split(";"):
        name, sign, value = part.partition("=")
        if sign and name.strip().lower() in _PARTS:
            found[name.strip().lower()] = value.strip()
    return found


def in_text(text: str) -> Iterator[ConnectionString]:
    """Return what the connection strings in a text say, in order; never their keys.

    They may stand in quotes, behind the name of a variable, or in JSON.
    """
    for match in _STRING.finditer(text):
        said = parts(match[1].rstrip(",]}\\"))
        if "hostname" in said or "deviceid" in said:
            yield ConnectionString(
                host_name=said.get("hostname", ""),
                device_id=said.get("deviceid", ""),
                gateway_host_name=said.get("gatewayhostname", ""),
            )
