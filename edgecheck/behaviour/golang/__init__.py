"""Go's crypto/tls and crypto/x509, at 1.19 and 1.27.

Mimics src/crypto/x509/verify.go, parser.go, constraints.go and x509.go. Names compare byte by
byte; every candidate issuer is tried; the key identifiers only order them.
"""
