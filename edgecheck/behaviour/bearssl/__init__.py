"""What BearSSL makes of certificates (src/x509/x509_minimal.t0 and asn1.t0 at 0.6)."""
