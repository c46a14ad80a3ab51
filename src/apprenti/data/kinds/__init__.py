"""The kinds of data, one a file: what is found out and checked before a run exists."""
