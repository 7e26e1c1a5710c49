"""The version of the distribution, which `setup.cfg` reads from here."""

VERSION = "0.1.0"
