"""What .NET adds to OpenSSL, on which it builds chains on Linux."""
