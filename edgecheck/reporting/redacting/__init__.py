"""Reports that can be posted: what tells whose gateway it is becomes pseudonyms."""
