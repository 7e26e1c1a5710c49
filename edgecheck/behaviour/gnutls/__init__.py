"""GnuTLS 3.7: the list is sorted, cut where trust begins, and verified from the top down."""
