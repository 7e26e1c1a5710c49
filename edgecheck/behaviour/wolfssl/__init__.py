"""wolfSSL 5.5.4: what was sent is added to the trust, last first, as far as it verifies."""
