# As in train.py of sklearn, mlp, digits

# %% Training: scikit-learn goes through one epoch, we look at the result and go on.
# In the middle of an epoch scikit-learn meets Ctrl-C with a warning and goes on: stop instead
warnings.filterwarnings("error", "Training interrupted by user")


def train(model, data: Data, history: list[dict], config: Config, folder, origin: str, stop) -> str:
    for epoch in range(len(history) + 1, config.epochs + 1):
        start = time.perf_counter()
        train_one_epoch(model, data.train_inputs, data.train_targets, data.description)
        seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
        learned = measure("train", predict(model, data.train_inputs), data.train_targets)
        checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
        history.append({"epoch": epoch, **learned, **checked, "seconds": round(seconds, 3)})
        if folder:
            write_table(folder / "history.csv", history[0], (row.values() for row in history))
            print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)
            kept = {"origin": origin, "history": json.dumps(history), "losses": model.loss_curve_}
            kept |= {"updates": model._optimizer.t, "rate": model._optimizer.learning_rate}
            np.savez(folder / "new.npz", *state_of(model, config), **kept)
            os.replace(folder / "new.npz", folder / "checkpoint.npz")
            (folder / "model").mkdir(exist_ok=True)
            if history[-1]["valid_loss"] == min(row["valid_loss"] for row in history):
                skops.io.dump(model, folder / "best.tmp")  # Kept beside the last one
                os.replace(folder / "best.tmp", folder / "model" / "best.skops")
        if not learned["train_loss"] < 1e6:  # A model that knows nothing has a loss of 1
            print("Diverged: try a smaller learning rate.", flush=True)
            return "diverged"
        if stop(history):
            return "stopped early"
    return "finished"


def load_checkpoint(folder: Path | None, model, data: Data, origin: str, config: Config) -> list:
    if not folder or not (folder / "checkpoint.npz").exists():
        return []
    with np.load(folder / "checkpoint.npz", allow_pickle=False) as kept:  # Opening it runs no code
        if str(kept["origin"]) != origin:  # Of other code, settings or data
            return []
        # Only a model that has seen rows has arrays to be filled
        few = slice(0, config.batch_size)
        train_one_epoch(model, data.train_inputs[few], data.train_targets[few], data.description)
        for i, array in enumerate(state_of(model, config)):
            array[:] = kept[f"arr_{i}"]
        model._optimizer.t = int(kept["updates"])
        model._optimizer.learning_rate = kept["rate"][()]
        history, losses = json.loads(str(kept["history"])), list(kept["losses"])
        model.loss_curve_, model.loss_, model.best_loss_ = losses, losses[-1], min(losses)
        model.t_ = len(history) * len(data.train_inputs)
        return history


def state_of(model, config: Config) -> list:
    # Everything that training changes: the weights and the memory of the optimizer
    memory = model._optimizer.ms + model._optimizer.vs
    return [*model.coefs_, *model.intercepts_, *memory]
