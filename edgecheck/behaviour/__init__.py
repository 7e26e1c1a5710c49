"""What software does with certificates: one folder a library, each decision once.

Which issuer a library takes, which names it holds to be equal, which host names it matches, what
it can decode, where its limits are. The models in `clients/` put these together into verdicts and
texts; rules ask for single facts, never for a verdict.
"""
