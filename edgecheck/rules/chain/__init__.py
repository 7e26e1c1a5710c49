"""Rules about which certificates are presented, in which order, and what clients make of it."""
