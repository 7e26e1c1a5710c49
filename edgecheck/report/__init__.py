"""Findings and predictions -> the report: what is wrong, what to do first, what texts mean."""
