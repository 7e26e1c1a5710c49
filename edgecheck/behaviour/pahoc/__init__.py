"""Eclipse Paho for C, on OpenSSL."""
