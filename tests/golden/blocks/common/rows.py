# As in train.py of pytorch, linear, digits

# %% Data: where it is, and what reading it gives.
class Rows(NamedTuple):
    inputs: Any  # an array, a table, or the files of the images
    labels: np.ndarray | None  # what is to be predicted; nothing is known of new rows
    names: np.ndarray  # what each row is called
