"""GnuTLS and its client gnutls-cli."""
