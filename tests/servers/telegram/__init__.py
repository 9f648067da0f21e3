"""A Bot API server on the loopback interface, with the people who talk to the bot."""
