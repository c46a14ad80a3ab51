"""The data: where they come from, what they are, what is wrong with them, how they are split."""
