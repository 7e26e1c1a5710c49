"""The report -> text."""
