"""Rules about how the gateway was set up: whose certificates these are, and who made them."""
