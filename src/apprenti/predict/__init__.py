"""New rows: what they are is found out here; the run's own predict.py gives the predictions."""
