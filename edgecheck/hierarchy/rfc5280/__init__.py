"""RFC 5280, section 6.1: one path is judged, and every violation is collected."""
