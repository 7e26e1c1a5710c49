"""rustls with webpki: all paths are tried, and the most specific error of all counts.

Mimics rustls/webpki src/verify_cert.rs, cert.rs, der.rs, subject_name/ and error.rs at 0.103, and
rustls's wording. keyUsage is not looked at; a trust anchor is a name, a key and name constraints.
"""
