# As in predict.py of sklearn, trivial, digits

# %% Opening: the file of a model may contain the parts of that model, and nothing else.
# How skops opens a part, its module, its name: what the file of any model may contain
ORDINARY = [
    ("DictNode", "builtins", "dict"),
    ("JsonNode", "builtins", "str"),
    ("ListNode", "builtins", "list"),
    ("TupleNode", "builtins", "tuple"),
    ("TypeNode", "builtins", "str"),
    ("NdArrayNode", "numpy", "ndarray"),
    *(
        ("NdArrayNode", "numpy", name)
        for name in ("float32", "float64", "int32", "int64", "uint64")
    ),
]


def open_parts(path: Path, parts: list[tuple]):
    """Load a file that skops has written, if it contains nothing but these parts."""
    with open(path, "rb") as file:
        check_parts(file, [*ORDINARY, *parts])
        return skops.io.load(file, trusted=[f"{module}.{name}" for _, module, name in parts])


def check_parts(file, allowed: list[tuple]) -> None:
    # skops trusts all of scikit-learn, in which even functions that start programs are found
    archive = zipfile.ZipFile(file)
    sizes = {member.filename: member.file_size for member in archive.infolist()}
    # Nothing in it is compressed: what grows when it is opened was made by hand
    room = 10 * os.fstat(file.fileno()).st_size - sizes["schema.json"]
    todo = [json.loads(archive.read("schema.json"))] if room > 0 else []
    while todo and room > 0:
        node = todo.pop()
        if isinstance(node, dict) and "__loader__" in node:
            part = tuple(node.get(name) for name in ("__loader__", "__module__", "__class__"))
            if part not in allowed:
                raise UntrustedTypesFoundException([str(part)])
            room -= sizes[node["file"]] if "file" in node else 0
        todo += node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    if room <= 0:
        raise zipfile.BadZipFile(file.name)
