"""Blocks for scikit-learn."""
