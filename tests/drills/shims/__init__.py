"""What is put under a server, or in its place, so that something fails."""
