"""NSS 3.87: what was sent goes into a store, from which one issuer (or, in libpkix, any) is taken."""
