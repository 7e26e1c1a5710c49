"""What a TLS server presents, taken from the handshake itself, byte for byte."""

from edgecheck.adapters.tls.capture import Capture, capture

__all__ = ["Capture", "capture"]
