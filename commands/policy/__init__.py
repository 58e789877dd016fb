"""What a server allows."""
