"""How good a model is: verdicts against the baselines, the agreement of the two frameworks."""
