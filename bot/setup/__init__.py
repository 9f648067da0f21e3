"""Setting the bot up: `uso-bot init` and `uso-bot config`."""
