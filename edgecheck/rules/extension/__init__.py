"""Rules about extensions: what is missing, what contradicts itself, what should be critical."""
