"""The page *Operate*: the bot as whoever runs it sees it, live, and what they can do about it."""
