# As in train.py of pytorch, mlp, table-streamed

# %% Rows on disk: prepared once, kept in a file, and read again a few at a time.
class OnDisk:
    """An array whose rows are in a file: a slice of it is read when it is asked for."""

    def __init__(self, kind: type, scale: float = 1):
        folder = Path(tempfile.mkdtemp(dir=Path.cwd(), suffix=".tmp"))
        # Removed when the array is no longer needed, at the latest when this script ends
        weakref.finalize(self, shutil.rmtree, folder)
        self.path = folder / "rows"
        self.kind, self.scale, self.shape = np.dtype(kind), np.float32(scale), (0,)

    def append(self, rows: np.ndarray) -> None:
        with open(self.path, "ab") as file:
            file.write(rows.tobytes())
        self.shape = (len(self) + len(rows), *rows.shape[1:])

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows) -> np.ndarray:
        if not isinstance(rows, slice):
            # Rows far apart are read one by one
            return np.concatenate([self[row : row + 1] for row in rows])
        start, stop, _ = rows.indices(len(self))
        width = math.prod(self.shape[1:])
        place = {"count": (stop - start) * width, "offset": start * width * self.kind.itemsize}
        values = np.fromfile(self.path, self.kind, **place)
        return values.reshape(stop - start, *self.shape[1:]) / self.scale
