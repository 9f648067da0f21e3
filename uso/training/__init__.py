"""How the weights that ship with this package came about."""
