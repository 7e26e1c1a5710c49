"""What a rule is, and how a set of rules runs over a case: everything but the rules themselves."""
