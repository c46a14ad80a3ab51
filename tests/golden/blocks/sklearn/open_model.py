# As in predict.py of sklearn, trivial, digits

# %% Model: loaded as it was trained.
def open_model(config: Config, folder: Path) -> tuple:
    threadpool_limits(config.threads)
    description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    return open_parts(folder / "model.skops", PARTS), description
