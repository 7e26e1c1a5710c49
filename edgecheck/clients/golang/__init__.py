"""Clients in Go: crypto/x509 and crypto/tls."""
