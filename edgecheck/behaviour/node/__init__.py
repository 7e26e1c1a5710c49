"""What Node.js decides itself, beside its OpenSSL (lib/tls.js)."""
