"""Blocks for notebooks: the cells that one adds to a script."""
