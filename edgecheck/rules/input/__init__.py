"""Rules about the input itself: what was given, and in which state."""
