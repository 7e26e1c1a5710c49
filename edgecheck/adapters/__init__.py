"""The only room with doors to the outside: files, sockets, the clock."""
