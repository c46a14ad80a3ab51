# As in train.py of pytorch, linear, idx

# %% Reading: grey images in the format of MNIST (IDX), one file of images and one of labels.
def read_idx(path: Path) -> np.ndarray:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    # The fourth byte counts the dimensions; the size of each follows, on four bytes
    shape = np.frombuffer(content, ">i4", count=content[3], offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)
