# As in train.py of pytorch, linear, idx

# %% Reading: grey images in the format of MNIST (IDX), one file of images and one of labels.
def read(path: Path, config: Config) -> tuple:
    images, numbers = (gzip.decompress((path / name).read_bytes()) for name in config.files)
    # First come four bytes, and four for each size: of images their count, height and width
    inputs = np.frombuffer(images, np.uint8, offset=16).reshape(np.frombuffer(images, ">i4", 3, 4))
    labels = np.frombuffer(numbers, np.uint8, offset=8)
    return inputs, labels, np.arange(len(labels))
