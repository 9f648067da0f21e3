"""The repositories in SQL."""
