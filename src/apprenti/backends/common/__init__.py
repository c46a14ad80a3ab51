"""Blocks for every framework: reading, splitting, preparing, measuring."""
