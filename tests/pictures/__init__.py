"""Pictures of real cards for the guide: the bot's own messages, as it sent them, drawn in a browser."""
