# As in train.py of sklearn, trivial, digits

def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Train a model; what it leaves goes into the folder, if there is one."""
    threadpool_limits(config.threads)
    model = build_model(config, len(data.train_targets))
    history, status = train(model, data, config, folder, stop)
    if folder:
        (folder / "model").mkdir(exist_ok=True)
        # skops writes no code, unlike pickle: the file can be opened without trusting it
        skops.io.dump(model, folder / "model" / "model.skops")
        parameters = count_parameters(model)
        outputs = predict(model, data.valid_inputs)
        facts = {**data.description, "input_shape": data.train_inputs.shape[1:]}  # For new rows
        text = json.dumps({**facts, "parameters": parameters}, ensure_ascii=False, indent=1)
        (folder / "model" / "model.json").write_text(text, encoding="utf-8")
        header = ["row", "truth", "predicted", "confidence"]
        header += [f"probability_{name}" for name in facts["classes"]]
        rows = []
        for name, truth, scores in zip(*data.valid_rows, outputs, strict=True):
            numbers = [f"{score:.6f}" for score in (scores.max(), *scores)]
            rows.append([name, truth, facts["classes"][scores.argmax()], *numbers])
        write_table(folder / "predictions.csv", header, rows)
        (folder / "status.json").write_text(json.dumps({"status": status, "epochs": len(history)}))
    return history
