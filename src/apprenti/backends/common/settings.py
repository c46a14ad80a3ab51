"""Settings: every choice of this run, in one place. Change a value, run again, compare."""

from typing import NamedTuple


class Config(NamedTuple):
    # Looked for here, where APPRENTI_DATA says, and above
    data: str = ""
    # The table of scikit-learn
    built_in: str = ""
    # Images, labels
    files: tuple = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
    # Whether all files are of grey images, and "packed" or not ("plain"); else "mixed"
    idx_files: str = "mixed"
    # The array of the inputs
    inputs_array: str = "x"
    # The array of the labels
    labels_array: str = "y"
    # The test set that comes with the data: its two files, or its two arrays
    test_files: tuple[str, ...] = ()
    test_arrays: tuple[str, ...] = ()
    # The folders of the training and validation images, if the data comes already split
    folders: tuple[str, ...] = ()
    # The one of them that is the validation set
    valid_folder: str = ""
    # The folder of the test set
    test_folders: tuple[str, ...] = ()
    # Files that are left out
    skip_images: tuple[str, ...] = ()
    # The height and width to which all images are brought
    image_size: tuple[int, int] = (64, 64)
    # RGB: three colours; L: 256 shades of grey; F: more shades of grey
    image_mode: str = "RGB"
    # Factor that brings a point of an image file to the unit of the training set
    byte_value: float = 1.0
    # Drawings: the tone of the page, as in the training set
    page: float = 0.0
    # The tone of the ink, as in the training set
    ink: float = 255.0
    # Other formats can be unsafe
    formats: tuple = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
    # Whether images have no colours, but shades of grey alone
    grey: bool = False
    # The endings of the images
    endings: tuple = ()
    # What some images need: "draft", "turn", "paper" or "16 bits"
    image_needs: tuple[str, ...] = ("draft", "turn", "paper", "16 bits")
    # What the names of some columns need: "tidy" spaces and accents, "places" for no name
    name_needs: tuple[str, ...] = ("tidy", "places")
    # What some numbers need: one kind of "signs", no "capitals", no "brackets", a "strict" look
    number_needs: tuple[str, ...] = ("signs", "capitals", "brackets", "strict")
    # What some dates need: "several" ways, months in "digits" beside words, a "clock" beside them
    date_needs: tuple[str, ...] = ("several", "digits", "clock")
    # What columns hold: numbers, missing ones, none at all; categories, missing ones, rare ones
    column_needs: tuple[str, ...] = ("numbers", "gaps", "empty", "categories", "missing", "rare")
    # Whether all names of classes are written in ASCII
    ascii_classes: bool = False
    # Whether training and validation rows are prepared together
    at_once: bool = False
    # Whether all images of the training set have the size that the model knows
    one_size: bool = False
    # How much of an image is page, at the least
    least_page: float = 0.0
    # How long the ink is in points: at least, usually, at most; none: these are not drawings
    ink_sizes: tuple[float, ...] = ()
    # Where the middle of the ink is (x, y)
    ink_middle: tuple[float, ...] = ()
    # How far from there it may be
    ink_apart: float = 0.0
    # Whether that is the middle of its mass, or else of its box
    by_mass: bool = True
    # How wide strokes are, in points: from, to
    ink_width: tuple[float, ...] = ()
    # Whether new images are shown to the model as they are
    as_is: bool = False
    # A file for what the model sees of new drawings
    seen: str = ""
    # The character encoding of the file
    encoding: str = "utf-8"
    # The separator between two columns
    delimiter: str = ","
    # The decimal mark
    decimal: str = "."
    # Whether the file is a header and rows, and nothing else
    regular: bool = True
    # Whether the first row has the names of the columns
    header: bool = True
    # Lines above the table
    skip_rows: int = 0
    # Other lines that are not rows, counted from 0
    skip_lines: tuple[int, ...] = ()
    # What the lines end with
    line_end: str = ""
    # The place of the first column that is read
    first_column: int = 0
    # The place after that of the last column that is read; 0: all are
    columns: int = 0
    # Whether values are in quotation marks
    quoted: bool = True
    # Whether a few bytes of the file are of another encoding
    mixed_encoding: bool = False
    # What the file is packed with
    compression: str = "infer"
    # The sheet of the file
    sheet: str = ""
    # Whether the JSON file holds "rows" in a list, in "lines", or "columns"
    json_form: str = "rows"
    # The entry of the file under which the rows are
    json_key: str = ""
    # The column to predict
    target: str = "target"
    # Whether the target is there: it is not in new rows
    labelled: bool = True
    # Whether a number is predicted, not a class
    regression: bool = False
    # Whether there are more than twenty classes
    many_classes: bool = False
    # Whether a class of the validation set is in no training row
    untaught: bool = False
    # Corrected labels: a file with the columns row, was and is
    labels: str = ""
    # The column of the texts
    text: str = "text"
    # The column of the names of the image files
    image: str = "image"
    # Whether every row has a target
    all_answered: bool = False
    # Columns that no model sees
    ignore: tuple[str, ...] = ()
    # Words that mean that a value is not known
    missing: tuple[str, ...] = ()
    # Whether every cell is read as it is written
    as_text: bool = False
    # Columns of codes, kept as they are written
    as_written: tuple[str, ...] = ()
    # Columns in which a word such as NA is a value
    words: tuple[str, ...] = ()
    # Columns with spaces around words, or loose accents
    trimmed: tuple = ()
    # Spellings that are replaced, and by which
    unite: tuple[tuple[str, str], ...] = ()
    # Columns of texts, whose words are counted
    texts: tuple[str, ...] = ()
    # Columns whose numbers are names, not quantities
    categorical: tuple[str, ...] = ()
    # Columns of numbers with words among them
    among_words: tuple[str, ...] = ()
    # Columns of numbers: decimal mark, thousands, unit
    numbers: tuple = ()
    # Times of the day, each with the way it is written
    times: tuple = ()
    # Columns of dates that are numbers, each with its unit since 1970: s, ms, us or ns
    since_1970: tuple = ()
    # Dates, each with the way it is written
    dates: tuple = ()
    # Whether some months are written in words
    month_names: bool = False
    # Added to a date: its month, its weekday
    date_parts: tuple = ("month", "weekday")
    # The column by which the rows are split: the target, groups or times
    split_by: str = "target"
    # How the times are written by which the rows are split: as numbers, or as dates of this format
    time_format: str = "number"
    # Rows of the training set
    train: int = 700
    # Rows of the validation set
    valid: int = 150
    # Rows of the test set, kept for the very end
    test: int = 150
    # The same split seed gives the same rows to each set, whatever the model
    split_seed: int = 0
    # Cross-validation: how many folds the other rows are cut into
    folds: int = 0
    # The fold that is the validation set of this script, counted from 0
    fold: int = 0
    # Another draw of the training and validation set; the test set stays
    draw: int = 0
    # Neurons of each hidden layer: more can learn more
    hidden_units: tuple[int, ...] = (128,)
    # The activation after each hidden layer: "relu", "sigmoid" or "tanh"
    activation: str = "relu"
    # The initial weights: "glorot", "he" or "normal"; "default": as the framework draws them
    initial_weights: str = "default"
    # The share of the neurons that dropout sets to 0 while training
    dropout: float = 0.0
    # Whether batch normalisation stands between each layer and its activation
    batch_norm: bool = False
    # Filters of each block; after each, the image is halved
    filters: tuple[int, ...] = (16, 32)
    # Residual blocks at each size of the image
    residual_blocks: int = 2
    # Words that are known, the most frequent ones
    vocabulary: int = 5000
    # Words of a text that are read at most, from its beginning
    max_tokens: int = 100
    # Whether the model learns numbers that represent words
    embedded: bool = False
    # Numbers that represent a word (its embedding)
    embedding_size: int = 32
    # The optimizer: "adam" or "sgd"
    optimizer: str = "adam"
    # Weight decay: how strongly each update shrinks all weights
    weight_decay: float = 0.0
    # L1: how strongly each update pulls all weights towards 0
    l1: float = 0.0
    # Gradient clipping: the largest global norm of a gradient
    clip_norm: float = 0.0
    # The loss: "cross_entropy" or, where each class is asked for by itself, "binary_cross_entropy"
    loss: str = "cross_entropy"
    # Label smoothing: share of the truth that all classes get
    label_smoothing: float = 0.0
    # Class weights: rare classes count more, or "none"
    class_weights: str = "none"
    # The size of each update; less if the loss jumps around
    learning_rate: float = 0.001
    # The learning-rate schedule: "cosine", "step", "one_cycle" or "constant"
    schedule: str = "cosine"
    # Epochs of warm-up, in which the learning rate rises from nearly 0
    warm_up: int = 0
    # Patience: epochs without a lower validation loss until it stops
    early_stopping: int = 0
    # Whether updates.csv records how far each layer moves in an epoch
    record_updates: bool = False
    # Rows looked at before each update
    batch_size: int = 32
    # Passes through all the training rows
    epochs: int = 5
    # Augmentation: images are shifted by at most this share of their sides
    shift: float = 0.0
    # They are rotated by at most this many degrees, either way
    rotation: float = 0.0
    # They are enlarged or reduced by at most this share
    zoom: float = 0.0
    # Whether half of them are flipped left to right
    flip: bool = False
    # The standard deviation of the noise added to the inputs
    noise: float = 0.0
    # Mixup: the larger alpha, the more evenly two rows are blended
    mixup: float = 0.0
    # The share of the words of a text that are hidden from the model
    word_dropout: float = 0.0
    # The words of each text beside other columns: what was prepared tells
    word_columns: tuple[int, ...] = ()
    # Maximum number of iterations of the solver
    iterations: int = 100
    # Maximum depth of a tree: a deeper one fits more closely, overfits more easily
    max_depth: int = 6
    # Smallest leaf: training rows that a leaf of a tree needs at least; 0: the usual number
    min_samples_leaf: int = 0
    # Number of trees
    n_estimators: int = 100
    # Shrinkage: how much each new tree corrects those before it
    shrinkage: float = 0.1
    # Number of neighbours: the most similar rows, which decide
    n_neighbors: int = 5
    # The shape of the border between classes: "linear" (straight) or "rbf" (curved)
    kernel: str = "rbf"
    # The cost of an error: a higher one fits more closely, and overfits more easily
    C: float = 1.0
    # The same seed gives the same numbers again
    seed: int = 0
    # Processor threads; another number changes the last decimals
    threads: int = 1
