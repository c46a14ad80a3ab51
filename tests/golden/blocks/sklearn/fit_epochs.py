# As in train.py of sklearn, mlp, digits

def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Train a model, until `stop` says so; what it leaves goes into the folder, if there is one."""
    threadpool_limits(config.threads)
    model = build_model(config, len(data.train_targets))
    origin = origin_of(config, data) if folder else ""
    history = load_checkpoint(folder, model, data, origin, config)
    try:
        status = train(model, data, history, config, folder, origin, stop)
    except (KeyboardInterrupt, UserWarning):  # Ctrl-C: go back to the end of the last whole epoch
        history, status = load_checkpoint(folder, model, data, origin, config), "interrupted"
        if not history:
            raise KeyboardInterrupt from None
        write_table(folder / "history.csv", history[0], (row.values() for row in history))
        print(f"Stopped: epoch {len(history)} is the last one kept.", flush=True)
    if folder:
        # skops writes no code, unlike pickle: the file can be opened without trusting it
        skops.io.dump(model, folder / "model" / "model.skops")
        parameters = sum(weights.size for weights in model.coefs_ + model.intercepts_)
        leave(folder, data, predict(model, data.valid_inputs), parameters, config)
        if status != "interrupted":  # Only such a run needs its checkpoint
            (folder / "checkpoint.npz").unlink()
        (folder / "status.json").write_text(json.dumps({"status": status, "epochs": len(history)}))
    return history
