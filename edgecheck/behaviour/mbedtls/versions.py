"""The versions of mbedTLS between which decisions changed."""

V2_28 = (2, 28, 3)
V3_6_6 = (3, 6, 6)
V3_6_7 = (3, 6, 7)

Version = tuple[int, int, int]
