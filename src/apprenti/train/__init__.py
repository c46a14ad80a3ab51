"""A project becomes runs: planned, trained, recorded, compared."""
