"""curl since 8, which compares names itself and leaves the rest to OpenSSL."""
