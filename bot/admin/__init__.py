"""`uso-bot admin`: looking after the bot and its people, whether it runs or not."""
