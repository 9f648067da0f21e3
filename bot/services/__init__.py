"""What the bot does, independent of platform and storage."""
