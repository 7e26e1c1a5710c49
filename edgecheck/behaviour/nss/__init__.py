"""NSS 3.87: what was sent goes into a store, of which one issuer, or in libpkix any, is tried."""
