"""The model's commands: `uso-bot generate` and `uso-bot weights`."""
