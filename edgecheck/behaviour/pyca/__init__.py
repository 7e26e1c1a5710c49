"""What cryptography's own verifier, x509.verification, does with certificates."""
