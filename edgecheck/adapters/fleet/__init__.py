"""A fleet's files and processes: what comes in, who works, and how nothing is lost."""
