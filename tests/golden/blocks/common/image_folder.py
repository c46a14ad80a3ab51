# As in train.py of pytorch, linear, image-folder

# %% Reading: a folder of images, with a folder inside for each class.
def read(path: Path, config: Config) -> tuple:
    found = path.glob("[!.]*/[!.]*")
    # Sorted, because the order in which a disk lists its files depends on the machine
    inside = sorted(file.relative_to(path).as_posix() for file in found if file.is_file())
    names = np.array([name for name in inside if name.lower().endswith(ENDINGS)])
    # An accent can be stored in two ways, and makes one class all the same
    labels = np.array([unicodedata.normalize("NFC", name.split("/")[-2]) for name in names])
    inputs = np.array([path / name for name in names])
    return inputs, labels, names
