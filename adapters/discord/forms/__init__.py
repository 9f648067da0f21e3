"""Forms (modals): how they look, and what is read from what people filled in."""
