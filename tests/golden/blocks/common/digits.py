# As in train.py of pytorch, linear, digits

# %% Reading: the 1797 handwritten digits of 8 x 8 pixels that come with scikit-learn.
def read(path: Path, config: Config) -> tuple:
    digits = load_digits()
    return digits.images, digits.target, np.arange(len(digits.target))
