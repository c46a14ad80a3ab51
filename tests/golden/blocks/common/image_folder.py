# As in train.py of pytorch, linear, image-folder

# %% Reading: a folder of images, with a folder inside for each class.
def read(path: Path, config: Config) -> tuple:
    found = [file for file in path.glob("[!.]*/[!.]*") if file.suffix in config.endings]
    inputs = np.array(sorted(found, key=Path.as_posix))  # A disk lists its files in any order
    # An accent can be stored in two ways, and makes one class all the same
    labels = np.array([unicodedata.normalize("NFC", file.parent.name) for file in inputs])
    return inputs, labels, np.array([file.relative_to(path).as_posix() for file in inputs])
