# As in train.py of pytorch, mlp, digits, schedule=one_cycle, warm_up=1, early_stopping=3, record_updates=True

# %% The learning rate: how large the steps are, from the first update to the last.
def rate_of(update: int, steps: int, config: Config) -> float:
    """Return the learning rate of an update, the first being 0, with so many in each epoch."""
    rise = config.warm_up * steps
    if update < rise:
        # Warm-up: in a straight line from nearly 0 (Goyal et al., 2017)
        return config.learning_rate * (update + 1) / rise
    # How much is over of what follows the warm-up, between 0 and 1
    done = (update / steps - config.warm_up) / (config.epochs - config.warm_up)
    # Up for three tenths, then down to 0, in straight lines (Smith and Topin, 2017)
    up, down = 0.04 + 0.96 * done / 0.3, (1 - done) / 0.7
    return config.learning_rate * min(up, down)
