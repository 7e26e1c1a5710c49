"""Rules about the names of certificates, which clients use to find issuers."""
