# As in predict.py of pytorch, linear, digits

# %% Predicting: the model is loaded, and predicts each new row.
def main(config: Config, path: Path, answers: Path) -> None:
    folder = Path(__file__).parent / "model"
    torch.set_num_threads(config.threads)
    description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    model = build_model(config, tuple(description["input_shape"]), description["outputs"])
    # weights_only: opening a file must never run code
    model.load_state_dict(torch.load(folder / "weights.pt", weights_only=True))
    inputs, _, names = read(path, config)
    inputs = prepare(inputs, np.arange(len(names)), description["preparation"], config)
    outputs = predict(model, inputs)
    if not np.isfinite(outputs).all():
        raise SystemExit("The model gives what is no number: its file or the new rows are damaged.")
    header = ["row", "predicted", "confidence"]
    header += [f"probability_{name}" for name in description["classes"]]
    rows = []
    for name, scores in zip(names, outputs, strict=True):
        numbers = [f"{score:.6f}" for score in (scores.max(), *scores)]
        rows.append([name, description["classes"][scores.argmax()], *numbers])
    with open(answers.with_suffix(".tmp"), "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    os.replace(answers.with_suffix(".tmp"), answers)  # In one go: no reader ever sees half a file


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit("To predict: python predict.py FILE [PREDICTIONS.csv]")
    # The new rows, where the predictions go, and settings that differ from those above
    given = [*sys.argv[1:], *("answers.csv", "{}")[len(sys.argv) - 2 :]]
    main(Config()._replace(**json.loads(given[2])), Path(given[0]), Path(given[1]))
