# As in predict.py of sklearn, trivial, digits

# %% Model: loaded as it was trained.
def open_model(config: Config, folder: Path) -> tuple:
    threadpool_limits(config.threads)
    description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    # Of what skops does not know, only the parts of scikit-learn itself may be in the file
    foreign = skops.io.get_untrusted_types(file=folder / "model.skops")
    known = [name for name in foreign if name.startswith("sklearn.")]
    return skops.io.load(folder / "model.skops", trusted=known), description
