"""wolfSSL."""
