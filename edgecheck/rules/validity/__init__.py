"""Rules about when certificates begin and end."""
