"""Rules about what belongs to the gateway itself: its keys, caches, identity and system."""
