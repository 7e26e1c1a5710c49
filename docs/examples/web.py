"""A web service: POST a chain to /?hostname=NAME, get its report. `ROOT=root.pem python web.py`."""

import json
import logging
import os
from pathlib import Path
from urllib.parse import parse_qs
from wsgiref.simple_server import make_server
from wsgiref.types import StartResponse, WSGIEnvironment

import edgecheck


def answer(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
    """Bytes in, JSON out: a bad chain gives a report, and no error is shown to the peer."""
    status, body = "400 Bad Request", json.dumps({"error": "POST a chain to /?hostname=NAME"})
    try:
        size, asked = int(environ["CONTENT_LENGTH"]), parse_qs(environ["QUERY_STRING"])
        chain: bytes = environ["wsgi.input"].read(size) if 0 < size < 1_000_000 else b""
        report = edgecheck.check(chain, asked["hostname"][0], Path(os.environ["ROOT"]).read_bytes())
        status, body = "200 OK", report.to_json(predictions=False)
    except Exception:
        logging.exception("no report")
    start(status, [("Content-Type", "application/json")])
    return [body.encode()]


if __name__ == "__main__":
    make_server("", 8000, answer).serve_forever()
