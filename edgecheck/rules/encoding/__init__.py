"""Rules about how a certificate is written: numbers, times and strings, down to single bytes."""
