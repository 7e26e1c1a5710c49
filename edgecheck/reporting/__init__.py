"""Findings and facts -> a report, and a report -> text."""
