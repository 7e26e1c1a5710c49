"""OpenSSL 1.1.1 and later: X509_verify_cert, step by step.

Mimics crypto/x509/x509_vfy.c, v3_purp.c, v3_ncons.c and v3_utl.c of 3.0, with the differences
of other versions named where they are. A chain is built without backtracking; then each
check runs over it in OpenSSL's order. A caller stops at the first error, or goes on and
keeps the last (as Node.js does), or keeps all (as .NET does).
"""
