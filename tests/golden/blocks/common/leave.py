# As in train.py of pytorch, linear, digits

def leave(folder: Path, data: Data, outputs: np.ndarray, parameters: int, config: Config) -> None:
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
