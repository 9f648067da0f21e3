"""One module for each step, the newest last."""
