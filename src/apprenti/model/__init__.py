"""The catalogue of models: which blocks make which script."""
