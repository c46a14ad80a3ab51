# As in train.py of tensorflow, linear, digits

def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Train a model, until `stop` says so; what it leaves goes into the folder, if there is one."""
    tf.config.threading.set_intra_op_parallelism_threads(config.threads)
    keras.utils.set_random_seed(config.seed)
    model = build_model(config, data.train_inputs.shape[1:], data.description["outputs"])
    optimizer = keras.optimizers.Adam(config.learning_rate)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    steps = max(1, min(500, len(data.train_inputs) // config.batch_size // 5))  # In one go
    model.compile(optimizer, loss, steps_per_execution=steps, jit_compile=False)  # XLA is slower
    optimizer.build(model.trainable_variables)
    origin = origin_of(config, data) if folder else ""
    history = load_checkpoint(folder, model, origin)
    try:
        status = train(model, data, history, config, folder, origin, stop)
    except KeyboardInterrupt:  # Ctrl-C: go back to the end of the last whole epoch
        history, status = load_checkpoint(folder, model, origin), "interrupted"
        if not history:
            raise
        write_table(folder / "history.csv", history[0], (row.values() for row in history))
        print(f"Stopped: epoch {len(history)} is the last one kept.", flush=True)
    if folder:
        model.save_weights(folder / "model" / "model.weights.h5")
        parameters = sum(w.numpy().size for w in model.trainable_variables)
        leave(folder, data, predict(model, data.valid_inputs), parameters, config)
        if status != "interrupted":  # Only such a run needs its checkpoint
            (folder / "checkpoint.npz").unlink()
        (folder / "progress.csv").unlink(missing_ok=True)
        (folder / "status.json").write_text(json.dumps({"status": status, "epochs": len(history)}))
    return history
