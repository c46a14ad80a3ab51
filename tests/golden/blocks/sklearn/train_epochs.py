# As in train.py of sklearn, mlp, digits

# %% Training: scikit-learn goes through one epoch, we look at the result and go on.
# In the middle of an epoch scikit-learn meets Ctrl-C with a warning and goes on: stop instead
warnings.filterwarnings("error", "Training interrupted by user")


def train(model, data: Data, config: Config, folder: Path | None, stop) -> tuple:
    origin = origin_of(config, data) if folder else ""
    history = load_checkpoint(folder, model, origin)
    try:
        for epoch in range(len(history) + 1, config.epochs + 1):
            start = time.perf_counter()
            train_one_epoch(model, data.train_inputs, data.train_targets, data.description)
            seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
            learned = measure("train", predict(model, data.train_inputs), data.train_targets)
            checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
            history.append({"epoch": epoch, **learned, **checked, "seconds": round(seconds, 3)})
            if folder:
                report_epoch(folder, history)
                state = {"origin": origin, "model": model, "history": history}
                skops.io.dump(state, folder / "checkpoint.tmp")
                os.replace(folder / "checkpoint.tmp", folder / "checkpoint.skops")
                (folder / "model").mkdir(exist_ok=True)
                if history[-1]["valid_loss"] == min(row["valid_loss"] for row in history):
                    skops.io.dump(model, folder / "best.tmp")  # Kept beside the last one
                    os.replace(folder / "best.tmp", folder / "model" / "best.skops")
            if status := ending(history, stop):
                return history, status
    except (KeyboardInterrupt, UserWarning):  # Ctrl-C: go back to the last whole epoch
        history = load_checkpoint(folder, model, origin)
        if not history:
            raise
        print(f"Stopped: epoch {len(history)} is the last one kept.", flush=True)
        return history, "interrupted"
    return history, "finished"


def load_checkpoint(folder: Path | None, model, origin: str) -> list[dict]:
    if not folder or not (folder / "checkpoint.skops").exists():
        return []
    state = open_parts(folder / "checkpoint.skops", PARTS)
    if state["origin"] != origin:  # Of other code, settings or data
        return []
    vars(model).update(vars(state["model"]))
    return state["history"]
