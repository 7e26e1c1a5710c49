"""Certificates in the forms that are not PEM and not DER: as people paste, print and store them."""
