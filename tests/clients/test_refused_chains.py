"""What is predicted of clients, against what they did with chains that differ in one thing.

`tests/rules/refusals.json` has the 187 chains, by what differs from a sound one, and who refused.
"""

from __future__ import annotations

from functools import cache

import pytest

import edgecheck
from edgecheck.clients.answer import Verdict
from fixtures import stock
from fixtures.pki import pem
from tests.rules.test_refusals import TRIED, made

CLIENTS = {
    "Python 3.11": "py311-ssl-ossl3.0.19",
    "VERIFY_X509_STRICT": "py311-ssl-STRICT+PARTIAL",
    "Node.js 20": "node20-ossl3.0.19",
    "Node.js 26": "node26-ossl3.5.8",
    "openssl verify": "openssl3.0.19-verify",
    "OpenSSL 4.0": "pyopenssl-ossl4.0.3",
    "Azure C": "uamqp1.6.11-azureC",
    "curl": "curl7.88-ossl3.0",
    ".NET 8": "dotnet8.0.4-SslStream",
    "Java 17": "java17-jsse",
    "Go 1.27": "go1.27.3",
    "Go 1.19": "go1.19.8",
    "OpenSSL 1.1.1": "pyopenssl-ossl1.1.1l-CHAINONLY",
    "Node.js 16": "node16-ossl1.1.1v",
    "Node.js 10": "node10.9-ossl1.1.0i",
    "Node.js 8": "node8-ossl1.0.2s",
    "Bun": "bun1.4.5-boringssl",
    "GnuTLS": "gnutls3.7.9-cli",
    "NSS": "nss3.87-tstclnt",
    "NSS libpkix": "nss3.87-libpkix",
    "rustls": "rustls-rtls",
    "cryptography": "cryptography50-x509verify",
    "mbedTLS": "mbedtls2.28.3",
    "wolfSSL": "wolfssl5.5.4",
    "BearSSL": "bearssl0.6",
    "Botan": "botan2.19",
}
"""The models that the table judges, by its names of the clients."""


@cache
def verdicts(name: str) -> dict[str, Verdict]:
    """What is predicted of each client about one line of the table."""
    gateway = made(name)
    chain = pem(*(gateway.issued(role) for role in gateway), comments=False)
    trust = pem(*gateway.trust(), comments=False)
    report = edgecheck.check(chain, stock.HOSTNAME, trust, stock.NOW)
    return {prediction.client: prediction.verdict for prediction in report.predictions}


@pytest.mark.parametrize("name", TRIED)
def test_predictions_are_what_clients_did(name: str) -> None:
    """Each client that refused the chain is predicted to, and no other client is."""
    predicted = verdicts(name)
    untried = set(TRIED[name].get("not tried", ()))
    refusing = {c for c, id in CLIENTS.items() if predicted[id] is Verdict.REJECT} - untried
    assert refusing == set(TRIED[name]["refused by"]) & set(CLIENTS)
    assert not {c for c, id in CLIENTS.items() if predicted[id] is Verdict.UNKNOWN} - untried
