"""What the runtime will make: the certificates that each version writes, without its keys.

Synthetic certificates, as they are called here, have everything but a signature: their issuer's key
is on the gateway. So edgecheck vouches for their signatures (`hierarchy.signatures.vouch`), and
nobody else can take one for real.
"""
