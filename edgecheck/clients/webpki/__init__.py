"""Clients on rustls, which verifies with webpki."""
