# As in train.py of pytorch, linear, digits

def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Train a model, until `stop` says so; what it leaves goes into the folder, if there is one."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    model = build_model(config, data.train_inputs.shape[1:], data.description["outputs"])
    optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate, fused=True)
    origin = origin_of(config, data) if folder else ""
    history = load_checkpoint(folder, model, optimizer, origin)
    try:
        status = train(model, optimizer, data, history, config, folder, origin, stop)
    except KeyboardInterrupt:  # Ctrl-C: go back to the end of the last whole epoch
        history, status = load_checkpoint(folder, model, optimizer, origin), "interrupted"
        if not history:
            raise
        write_table(folder / "history.csv", history[0], (row.values() for row in history))
        print(f"Stopped: epoch {len(history)} is the last one kept.", flush=True)
    if folder:
        torch.save(model.state_dict(), folder / "model" / "weights.pt")
        parameters = sum(weights.numel() for weights in model.parameters())
        leave(folder, data, predict(model, data.valid_inputs), parameters, config)
        if status != "interrupted":  # Only such a run needs its checkpoint
            (folder / "checkpoint.pt").unlink()
        (folder / "progress.csv").unlink(missing_ok=True)
        (folder / "status.json").write_text(json.dumps({"status": status, "epochs": len(history)}))
    return history
