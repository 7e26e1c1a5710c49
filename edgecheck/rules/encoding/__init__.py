"""Rules about how a certificate is written: numbers, times and strings, down to single bytes."""

from edgecheck.rules.encoding.alternative_names import alternative_name
from edgecheck.rules.encoding.controls import control_characters
from edgecheck.rules.encoding.extensions import extension_undecodable
from edgecheck.rules.encoding.names import name
from edgecheck.rules.encoding.numbers import serial_not_positive, serial_too_long
from edgecheck.rules.encoding.structure import not_der
from edgecheck.rules.encoding.times import time, validity_inverted

__all__ = [
    "alternative_name",
    "control_characters",
    "extension_undecodable",
    "name",
    "not_der",
    "serial_not_positive",
    "serial_too_long",
    "time",
    "validity_inverted",
]
