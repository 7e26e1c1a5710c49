"""cryptography's own verifier."""
