"""Database and image store behind the ports."""
