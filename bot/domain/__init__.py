"""Facts, limits, states and errors; imports nothing of ours."""
