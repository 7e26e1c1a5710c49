"""cryptography's own verifier, x509.verification, which needs no model: it runs here, in process.

It is the installed version that answers.
"""

import re

from cryptography import x509
from cryptography.x509.verification import VerificationError

from edgecheck.behaviour.pyca.chain import count, verified
from edgecheck.behaviour.pyca.records import RECORDS
from edgecheck.behaviour.view import View
from edgecheck.clients.answer import ACCEPT, Answer, reject, unknown
from edgecheck.clients.client import Client, plain

_AROUND = re.compile(r"validation failed: (.*?)(?: \(encountered processing .*\))?", re.DOTALL)


def run(view: View, settings: None) -> Answer:
    """Load everything, then verify; the text is that of the exception."""
    if not view.trust:
        return unknown("what the client trusts was not given")
    if view.host is None:
        return unknown("no host name was given", view.leaf)
    address = view.host.address
    count(view)
    try:
        verified(view, x509.DNSName(view.host.name) if address is None else x509.IPAddress(address))
    except VerificationError as wrong:
        found = _AROUND.fullmatch(str(wrong))
        return reject("verify", view.leaf, 0, (found[1] if found else str(wrong)).strip())
    except Exception as wrong:  # what it refuses to load is its own to say
        return reject("load", view.leaf, 0, f"{_named(type(wrong))}: {wrong}")
    return ACCEPT


def _named(kind: type[Exception]) -> str:
    """As a traceback has it: without the module where it is a builtin."""
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return f"{module}{kind.__name__}"


MODELS = tuple(Client(record, run, plain) for record in RECORDS)
