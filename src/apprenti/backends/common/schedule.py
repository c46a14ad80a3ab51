"""The learning rate: how large the steps are, from the first update to the last."""

import math

from apprenti.backends.common.settings import Config


def rate_of(update: int, steps: int, config: Config) -> float:
    """Return the learning rate of an update, the first being 0, with so many in each epoch."""
    if config.schedule == "constant":
        rate = config.learning_rate
    else:
        # How much is over, between 0 and 1
        if config.warm_up:
            done = (update / steps - config.warm_up) / max(1, config.epochs - config.warm_up)
        else:
            done = update / steps / config.epochs
    if config.schedule == "cosine":
        rate = config.learning_rate * (1 + math.cos(math.pi * done)) / 2  # From 1 down to 0
    if config.schedule == "step":
        # Divided by ten after a half, and again after three quarters (He et al., 2016)
        rate = config.learning_rate * (1 if done < 0.5 else 0.1 if done < 0.75 else 0.01)
    if config.schedule == "one_cycle":
        # Up for three tenths, then down to 0, in straight lines (Smith and Topin, 2017)
        rate = config.learning_rate * min(0.04 + 0.96 * done / 0.3, (1 - done) / 0.7)
    if config.warm_up:
        if update < config.warm_up * steps:  # Straight up from nearly 0 (Goyal et al., 2017)
            rate = config.learning_rate * (update + 1) / (config.warm_up * steps)
    return rate
