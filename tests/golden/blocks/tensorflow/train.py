# As in train.py of tensorflow, linear, digits

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="2")  # Before Keras is loaded


# %% Training: Keras goes through one epoch, we look at the result and go on.
def train(model, data: Data, history: list[dict], config: Config, folder, origin: str, stop) -> str:
    inputs, targets = tf.constant(data.train_inputs), tf.constant(data.train_targets)
    for epoch in range(len(history) + 1, config.epochs + 1):
        start = time.perf_counter()
        # The order comes from a seed for this epoch alone: a resumed run finds it again
        order = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
        pieces = tf.data.Dataset.from_tensor_slices(order).batch(config.batch_size)
        batches = pieces.map(lambda rows: (tf.gather(inputs, rows), tf.gather(targets, rows)))
        train_on(model, batches, len(inputs), epoch, config, folder)
        seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
        learned = measure("train", predict(model, data.train_inputs), data.train_targets)
        checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
        history.append({"epoch": epoch, **learned, **checked, "seconds": round(seconds, 3)})
        if folder:
            write_table(folder / "history.csv", history[0], (row.values() for row in history))
            print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)
            variables = model.variables + model.optimizer.variables  # All that training changes
            np.savez(folder / "new.npz", *variables, origin=origin, history=json.dumps(history))
            os.replace(folder / "new.npz", folder / "checkpoint.npz")
            (folder / "model").mkdir(exist_ok=True)
            if history[-1]["valid_loss"] == min(row["valid_loss"] for row in history):
                model.save_weights(folder / "best.tmp.weights.h5")  # Kept beside the last one
                os.replace(folder / "best.tmp.weights.h5", folder / "model" / "best.weights.h5")
        if not learned["train_loss"] < 1e6:  # A model that knows nothing has a loss of 1
            print("Diverged: try a smaller learning rate.", flush=True)
            return "diverged"
        if stop(history):
            return "stopped early"
    return "finished"


def train_on(model: keras.Model, batches, count: int, epoch: int, config: Config, folder) -> None:
    steps = math.ceil(count / config.batch_size)
    wave = (1 + math.cos(math.pi * (epoch - 1) / config.epochs)) / 2  # From 1 down to 0
    model.optimizer.learning_rate = config.learning_rate * wave
    with open(folder / "progress.csv" if folder else os.devnull, "a", buffering=1) as file:
        line = "{},{},{},{:.4f}\n".format
        watcher = keras.callbacks.LambdaCallback(
            on_train_batch_end=lambda i, logs: file.write(line(epoch, i + 1, steps, logs["loss"]))
        )
        model.fit(batches, shuffle=False, verbose=0, callbacks=[watcher])


def load_checkpoint(folder: Path | None, model: keras.Model, origin: str) -> list[dict]:
    if not folder or not (folder / "checkpoint.npz").exists():
        return []
    with np.load(folder / "checkpoint.npz", allow_pickle=False) as state:  # Opening it runs no code
        if str(state["origin"]) != origin:  # Of other code, settings or data
            return []
        for i, variable in enumerate(model.variables + model.optimizer.variables):
            variable.assign(state[f"arr_{i}"])
        return json.loads(str(state["history"]))
