"""Rules about the gateway's configuration, as far as certificates depend on it."""
