"""Many gateways: a row of a table judged, and what many judged rows have in common."""
