"""How .NET on Linux has OpenSSL build its chains, at 8.0."""
