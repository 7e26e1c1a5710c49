"""NSS, by its classic verification and by libpkix."""
