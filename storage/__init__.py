"""What outlives the process: the database and the picture files."""
