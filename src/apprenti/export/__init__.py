"""What leaves Apprenti: the script of a run, and what it needs."""
