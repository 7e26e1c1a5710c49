"""What commands do, without the words of the command line around it."""
