# As in train.py of pytorch, linear, image-folder

# %% Reading: a folder of images, with a folder inside for each class.
def read(path: Path, config: Config) -> tuple:
    found = [file for file in path.glob("[!.]*/[!.]*") if file.suffix in config.endings]
    inputs = np.array(sorted(found, key=Path.as_posix))  # A disk lists its files in any order
    labels = [normalize("NFC", file.parent.name) for file in inputs]  # Accents in one form
    return inputs, np.array(labels), np.array([f.relative_to(path).as_posix() for f in inputs])
