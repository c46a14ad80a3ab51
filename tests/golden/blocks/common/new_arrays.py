# As in predict.py of pytorch, linear, digits

# %% Reading: new rows in a .npz file, an IDX file, or images brought to the size of the others.
def read(path: Path, config: Config) -> tuple:
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as arrays:  # Opening it runs no code
            values = arrays[config.inputs_array]
        return values, None, np.arange(len(values))
    if path.is_file() and path.suffix.lower() not in ENDINGS:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        # The fourth byte counts the dimensions; the size of each follows, on four bytes
        shape = np.frombuffer(content, ">i4", count=content[3], offset=4)
        values = np.frombuffer(content, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)
        return values, None, np.arange(len(values))
    files = sorted(path.rglob("[!.]*")) if path.is_dir() else [path]
    files = [file for file in files if file.suffix.lower() in ENDINGS and file.is_file()]
    names = np.array([file.relative_to(path.parent).as_posix() for file in files])
    images = np.stack([read_image(file, config) for file in files])
    images = images * np.float32(config.byte_value)
    if not config.as_is:
        images = as_drawings(files, images, config)
    return images, None, names
