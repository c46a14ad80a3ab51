# As in train.py of tensorflow, linear, digits

def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Train a model, until `stop` says so; what it leaves goes into the folder, if there is one."""
    tf.config.threading.set_intra_op_parallelism_threads(config.threads)
    keras.utils.set_random_seed(config.seed)
    model = build_model(config, data.train_inputs.shape[1:], data.target["outputs"])
    if folder:
        (folder / "model").mkdir(exist_ok=True)
    history, status = train(model, data, config, folder, stop)
    if folder:
        model.save_weights(folder / "model" / "model.weights.h5")
        parameters = sum(w.numpy().size for w in model.trainable_variables)
        leave(folder, data, predict(model, data.valid_inputs), parameters, config)
        # Only a run that was interrupted needs its checkpoint
        if status != "interrupted":
            (folder / "checkpoint.npz").unlink()
        (folder / "progress.csv").unlink(missing_ok=True)
        # The last act: how it ended
        said = json.dumps({"status": status, "epochs": len(history)})
        (folder / "status.json").write_text(said)
    return history
