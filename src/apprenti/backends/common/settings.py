"""Settings: every choice of this run, in one place. Change a value, run again, compare."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    # Looked for in this folder, then in the one that APPRENTI_DATA names, then in those above
    data: str = "data"
    # The names of the files inside that folder
    images_file: str = "train-images-idx3-ubyte.gz"
    labels_file: str = "train-labels-idx1-ubyte.gz"
    # The names of the arrays inside that file
    inputs_array: str = "x"
    labels_array: str = "y"
    # How many rows to learn from at most: a share (0.7) or a number (5000)
    train: float = 1.0
    # How many rows to check with, and how many to put aside for the very end
    valid: float = 0.15
    test: float = 0.15
    # The same split seed gives the same rows to each part, whatever the model
    split_seed: int = 0
    # One number for each hidden layer: more neurons can learn more, and memorise more
    hidden_units: tuple[int, ...] = (128,)
    # How the weights are corrected: "adam" or "sgd"
    optimizer: str = "adam"
    # The size of each correction; divide it by ten if the loss jumps around
    learning_rate: float = 0.001
    # How many rows are looked at before each correction
    batch_size: int = 32
    # How many times all the rows are gone through
    epochs: int = 5
    # How many rounds of correction the exact method may take (logistic regression)
    iterations: int = 100
    # The same seed gives the same first weights and the same order of the rows
    seed: int = 0
    # Processor threads; another number changes the last decimals
    threads: int = 1
