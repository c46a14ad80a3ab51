"""Each framework tried in a process of its own, against known losses."""
