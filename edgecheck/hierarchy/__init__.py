"""Certificates -> hierarchy: links, paths, validation, roles."""
