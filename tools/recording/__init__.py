"""What `record_clients.py` is made of: cases, a server, clients, and chains to try them with."""
