"""Rules about the names by which clients reach the gateway."""
