"""What is wrong with this machine, and the proof that the frameworks train on it."""
