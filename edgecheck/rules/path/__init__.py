"""Rules that give a voice to the validation of the path (RFC 5280, section 6.1)."""
