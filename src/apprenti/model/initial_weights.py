"""Which initial weights suit an activation: neither signals nor gradients fade or grow."""


def suited(activation: str) -> str:
    """Return the setting for an activation: He et al. (2015), Glorot and Bengio (2010)."""
    return "he" if activation == "relu" else "glorot"
