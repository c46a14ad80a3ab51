"""What this machine is: its system, Python, processor, cards and packages."""
