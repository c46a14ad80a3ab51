"""Which part each row goes to: to learn from, to validate with, to test with."""
