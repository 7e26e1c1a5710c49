"""GnuTLS 3.7 and 3.8: the list is sorted, cut where trust begins, verified from the top down."""
