"""Clients on OpenSSL 1.1.1 and later, on its older versions, and on BoringSSL."""
