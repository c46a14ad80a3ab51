"""Settings: every choice of this run, in one place. Change a value, run again, compare."""

from typing import NamedTuple


class Config(NamedTuple):
    # Looked for in this folder, then in the one that APPRENTI_DATA names, then in those above
    data: str = "data"
    # The files inside that folder: the images, and their labels
    files: tuple[str, str] = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
    # The names of the arrays inside that file
    inputs_array: str = "x"
    labels_array: str = "y"
    # The height and width to which all images are brought
    image_size: tuple[int, int] = (64, 64)
    # RGB: three colours; L: shades of grey
    image_mode: str = "RGB"
    # How the file is written: what stands between two columns, and before the decimals
    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: str = "."
    # The column to predict
    target: str = "target"
    # The column of the texts to learn from
    text: str = "text"
    # The column of the names of the image files
    image: str = "image"
    # Columns that no model sees
    ignore: tuple[str, ...] = ()
    # Columns whose numbers are names, not quantities
    categorical: tuple[str, ...] = ()
    # Columns of dates, each with the way it is written
    dates: tuple[tuple[str, str], ...] = ()
    # Columns of numbers among which words stand
    numbers: tuple[str, ...] = ()
    # The column by which the rows are shared out: answers, groups or times
    split_by: str = "target"
    # How many rows to learn from, to check with, and to put aside for the very end
    train: int = 700
    valid: int = 150
    test: int = 150
    # The same split seed gives the same rows to each part, whatever the model
    split_seed: int = 0
    # One number for each hidden layer: more neurons can learn more, and memorise more
    hidden_units: tuple[int, ...] = (128,)
    # One number for each time the image is halved: how many patterns are looked for there
    filters: tuple[int, ...] = (16, 32)
    # How many blocks follow one another at each size of the image
    residual_blocks: int = 2
    # How many words are known, the most frequent ones; all others are one unknown word
    vocabulary: int = 5000
    # How many words of a text are read at most, from its beginning
    max_tokens: int = 100
    # How many numbers stand for a word
    embedding_size: int = 32
    # How the weights are corrected: "adam" or "sgd"
    optimizer: str = "adam"
    # The size of each correction; divide it by ten if the loss jumps around
    learning_rate: float = 0.001
    # How that size goes on: "cosine" (smaller and smaller, to settle) or "constant"
    schedule: str = "cosine"
    # How many rows are looked at before each correction
    batch_size: int = 32
    # How many times all the rows are gone through
    epochs: int = 5
    # How many rounds of correction the exact method may take
    iterations: int = 100
    # How many questions in a row a tree may ask: more of them learn more, and memorise more
    max_depth: int = 6
    # How many trees answer together
    n_estimators: int = 100
    # How much each new tree corrects those before it
    shrinkage: float = 0.1
    # How many of the most similar rows are asked
    n_neighbors: int = 5
    # The shape of the border between classes: "linear" (straight) or "rbf" (curved)
    kernel: str = "rbf"
    # How much a mistake costs: more follows the rows more closely, and memorises more
    C: float = 1.0
    # The same seed gives the same first weights and the same order of the rows
    seed: int = 0
    # Processor threads; another number changes the last decimals
    threads: int = 1
