"""The versions of GnuTLS between which decisions changed."""

V3_7 = (3, 7)
V3_8 = (3, 8)

Version = tuple[int, int]
