"""The image check: a classifier in a process of its own, where its weights are present."""
