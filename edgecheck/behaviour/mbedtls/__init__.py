"""What mbedTLS makes of certificates (library/x509_crt.c at 2.28.3)."""
