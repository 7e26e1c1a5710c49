"""The report as one HTML file that needs nothing else: no network, and no script to be read.

All text goes through the template engine's escaping; what may run and how it looks is named by its
hash in a Content-Security-Policy, so that nothing which came out of a certificate can run or load.
"""
