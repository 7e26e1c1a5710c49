"""What stands below the options in `--help`: examples, and what the exit status says."""

EXAMPLES = {
    "check": (
        "edgecheck check gateway.pem --hostname gw.local --trust root.pem",
        "edgecheck check device-ca.pem --runtime 1.5",
        "edgecheck check a.pem b.pem --each --trust root.pem",
    ),
    "audit": (
        'sudo "$(command -v edgecheck)" audit /etc/aziot --runtime 1.5',
        "edgecheck audit /etc/aziot --root /mnt/image --runtime 1.5",
        "edgecheck audit gateway.zip --runtime 1.1 --presented sent.txt",
        "edgecheck audit gw1.zip gw2.zip --runtime 1.5 --format html -o all.html",
    ),
    "connect": (
        "edgecheck connect gw.local --trust root.pem --runtime 1.5",
        "edgecheck connect 10.1.2.3:8883 --hostname gw.local --trust root.pem",
    ),
    "predict": (
        "edgecheck predict ca.pem --hostname gw.local --runtime 1.5",
        "edgecheck predict ca.pem --hostname gw.local --runtime 1.5 --runtime 1.1",
        "edgecheck predict --hostname gw.local --device-id gw-7 --runtime 1.5",
    ),
    "fleet": (
        "edgecheck fleet gateways.parquet -o judged.parquet --trust root.pem",
        "edgecheck fleet 'chains/*.pem' -o judged.parquet --format json",
        "cat fleet.jsonl | edgecheck fleet - -o judged.parquet --predictions",
    ),
    "explain": (
        "edgecheck explain hostname.case-mismatch",
        'edgecheck explain "unable to get local issuer certificate"',
        "iotedge logs edgeHub 2>&1 | edgecheck explain -",
    ),
    "rules": ("edgecheck rules", "edgecheck rules 'hostname.*'"),
    "clients": ("edgecheck clients", "edgecheck clients Java"),
}
"""Lines for a shell, by command."""
_STATUS = """\
* may be given more than once.
Exit status: 0 no finding at or above --fail-on; 1 there is one;
2 the request could not be carried out."""


def examples(command: str) -> str:
    """Return the examples of a command, in lines that click does not fill anew."""
    return "\n".join(("\b", "Examples:", *(f"  {line}" for line in EXAMPLES[command])))


def judging(command: str) -> str:
    """Return the same of a command that judges, with its exit status."""
    return f"{examples(command)}\n\n\b\n{_STATUS}"
