"""Rules about what clients and modules trust."""
