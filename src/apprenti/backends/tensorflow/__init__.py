"""Blocks for TensorFlow, with Keras."""
