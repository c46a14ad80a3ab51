# As in train.py of pytorch, linear, digits

# %% Settings: every choice of this run, in one place. Change a value, run again, compare.
class Config(NamedTuple):
    train: int = 1257  # Rows of the training set
    valid: int = 270  # Rows of the validation set
    test: int = 270  # Rows of the test set, kept for the very end
    split_seed: int = 0  # The same split seed gives the same rows to each set, whatever the model
    learning_rate: float = 0.001  # The size of each update; less if the loss jumps around
    batch_size: int = 32  # Rows looked at before each update
    epochs: int = 5  # Passes through all the training rows
    seed: int = 0  # The same seed gives the same numbers again
    threads: int = 1  # Processor threads; another number changes the last decimals
