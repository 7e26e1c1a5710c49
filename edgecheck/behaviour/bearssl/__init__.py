"""What BearSSL 0.6 does with certificates."""
