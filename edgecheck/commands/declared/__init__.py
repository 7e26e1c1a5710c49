"""The commands: what each takes, and what its help says. One module each, imported when asked."""
