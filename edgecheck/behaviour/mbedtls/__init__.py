"""What mbedTLS 2.28 and 3.6 do with certificates."""
