"""What mbedTLS 2.28 does with certificates."""
