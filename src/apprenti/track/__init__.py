"""What is kept of runs beyond their folders, and whether a run can be made again."""
