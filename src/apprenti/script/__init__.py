"""A script: assembled out of blocks, translated, executed and followed."""
