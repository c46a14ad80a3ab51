"""Intervals of measures hold what they promise, in the domain that is stated: simulated test sets.

Each figure is that of thousands of sets where the sum is cheap, of hundreds where rows are drawn
again in each; seeds are fixed.
"""
