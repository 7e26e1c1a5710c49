"""Java's JSSE with the PKIX trust manager, at 17.

Mimics sun.security.validator (PKIXValidator, EndEntityChecker), sun.security.provider.certpath and
sun.security.util.HostnameChecker. A chain in order is validated as it is; any other is handed
to a builder that tries everything and gives one sentence when nothing fits.
"""
