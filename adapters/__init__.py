"""The outside world: platforms and the engine process."""
