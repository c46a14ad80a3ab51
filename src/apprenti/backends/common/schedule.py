"""The learning rate: how large the steps are, from the first update to the last."""

import math

from apprenti.backends.common.settings import Config


def rate_of(update: int, steps: int, config: Config) -> float:
    """Return the learning rate of an update, the first being 0, with so many in each epoch."""
    if config.warm_up:
        rise = config.warm_up * steps
        if update < rise:
            # Warm-up: in a straight line from nearly 0 (Goyal et al., 2017)
            return config.learning_rate * (update + 1) / rise
    # How much is over of what follows the warm-up, between 0 and 1
    done = (update / steps - config.warm_up) / (config.epochs - config.warm_up)
    if config.schedule == "cosine":
        return config.learning_rate * (1 + math.cos(math.pi * done)) / 2  # From 1 down to 0
    if config.schedule == "step":
        # Divided by ten after a half, and again after three quarters (He et al., 2016)
        return config.learning_rate * (1 if done < 0.5 else 0.1 if done < 0.75 else 0.01)
    if config.schedule == "one_cycle":
        # Up for three tenths, then down to 0, in straight lines (Smith and Topin, 2017)
        up, down = 0.04 + 0.96 * done / 0.3, (1 - done) / 0.7
        return config.learning_rate * min(up, down)
    return config.learning_rate
