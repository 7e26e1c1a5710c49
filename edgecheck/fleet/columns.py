"""The columns of a fleet's tables: what may come in, and what goes out.

This is the one home of their names and types; Arrow's schemas, the words of Spark and the
published description are made of it.
"""

from typing import Any, NamedTuple

VERSION = 1
"""Of the tables: within it columns are only added, at the end."""


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        name: of the column.
        kind: one of KINDS.
        about: what is in it, in one sentence.
        empty: whether it may be null.
    """

    name: str
    kind: str
    about: str
    empty: bool = True


KINDS = ("string", "bool", "int", "time", "strings", "certificates", "chain", "file")
"""int has 32 bits; time counts microseconds in UTC; chain is binary, string, or a list of them."""

INPUT = (
    Column("id", "string", "The gateway's name, which comes back in every row of the output."),
    Column("chain", "chain", "What it presents, in any form that check() takes."),
    Column("hostname", "string", "As its clients type it (GatewayHostName), case kept."),
    Column("runtime", "string", "Its version of IoT Edge, such as 1.5."),
    Column("time", "time", "The moment at which it is judged; text has to have a zone."),
    Column("time_t_bits", "int", "32 or 64: bits of its system's time_t."),
    Column("device_hostname", "string", "`hostname` in its configuration."),
    Column("machine_name", "string", "What its system calls itself."),
    Column("parent_hostname", "string", "`parent_hostname` in its configuration."),
    Column("device_id", "string", "Its id in IoT Hub."),
    Column("gateway_host_names", "strings", "GatewayHostName as each of its devices has it."),
    Column("device_ca_file", "file", "Contents of its configured device CA file."),
    Column("trust_bundle", "file", "Contents of its trust bundle."),
)

CERTIFICATE = (
    Column("sha256", "string", "Fingerprint, hexadecimal.", False),
    Column("role", "string", "server, workload-ca, device-ca, intermediate, root or other.", False),
    Column("subject", "string", "Its subject, safe to print; null where it cannot be read."),
    Column("not_after", "time", "When it ends; null where that cannot be read."),
)

SUMMARY = (
    Column("id", "string", "As it came in."),
    Column("ok", "bool", "No error was found, and the chain is not known to be invalid.", False),
    Column("valid", "bool", "Whether a path to the trust passes; null: that is undecided."),
    Column("worst", "string", "error, warning or info; null where nothing was found."),
    Column("errors", "int", "Findings of severity error that follow from no other.", False),
    Column("warnings", "int", "The same of severity warning.", False),
    Column("notes", "int", "The same of severity info.", False),
    Column("undecided", "int", "Rules whose facts are missing; they have not passed.", False),
    Column(
        "signature",
        "string",
        "The fault: the rules of its errors and warnings, sorted, with a space between; empty "
        "where there are none.",
        False,
    ),
    Column("anchor_assumed", "bool", "A presented root stood in for the trust.", False),
    Column("first_end", "time", "When the first certificate on the path ends."),
    Column("first_end_role", "string", "The role of that certificate."),
    Column("first_end_sha256", "string", "Its fingerprint."),
    Column(
        "first_ca_end",
        "time",
        "When the first CA certificate on the path ends: server certificates are renewed by the "
        "runtime itself.",
    ),
    Column("certificates", "certificates", "Those on the path, the server's first.", False),
    Column(
        "refusing",
        "strings",
        "Clients of tier 1 that are predicted to refuse it; null where that was not asked.",
    ),
    Column("unpredicted", "int", "Clients of tier 1 of which that is unknown; null as above."),
)

FINDINGS = (
    Column("id", "string", "As it came in."),
    Column("finding", "string", "The finding's own id, unique within the gateway.", False),
    Column("rule", "string", "The rule that is violated, or fleet.row.", False),
    Column("severity", "string", "error, warning or info.", False),
    Column("role", "string", "Of the first certificate concerned; null where there is none."),
    Column("certificates", "strings", "Fingerprints of those concerned.", False),
    Column("message", "string", "One sentence with the actual values, safe to print.", False),
    Column("remedy", "string", "What to do.", False),
    Column("caused_by", "string", "The finding that explains this one; null: none does."),
)

TABLES = {"summary": SUMMARY, "findings": FINDINGS}
"""What goes out, by its name."""


def described() -> dict[str, Any]:
    """Return the description that is published: every table and column, as plain values."""
    tables = {"input": INPUT, **TABLES, "certificate": CERTIFICATE}
    return {
        "schema_version": VERSION,
        "tables": {
            name: [
                {"name": c.name, "type": c.kind, "nullable": c.empty, "description": c.about}
                for c in columns
            ]
            for name, columns in tables.items()
        },
    }
