"""The control socket: how `uso-bot admin` speaks to a bot that runs."""
