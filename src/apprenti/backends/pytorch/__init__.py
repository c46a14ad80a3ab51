"""Blocks for PyTorch."""
