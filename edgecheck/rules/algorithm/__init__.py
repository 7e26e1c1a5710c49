"""Rules about keys and signatures: kinds, sizes, curves and hashes, and who refuses which."""
