# As in evaluate.py of pytorch, linear, digits

# %% Evaluating: the model is loaded, and measured on the test set.
def main(config: Config) -> None:
    folder = Path(__file__).parent
    model, description = open_model(config, folder / "model")
    names, labels, outputs = [], [], []
    for inputs, some_labels, some_names in read_test(config, description["preparation"]):
        names, labels = [*names, *some_names], [*labels, *some_labels]
        outputs.append(predict(model, inputs))
    outputs = np.concatenate(outputs)
    if not np.isfinite(outputs).all():
        raise SystemExit("The model gives what is no number: it diverged, or its file is damaged.")
    number = {name: i for i, name in enumerate(description["classes"])}
    # A class that is not in the training set has a probability of 0
    never = np.zeros((len(outputs), 1), outputs.dtype)
    coded = np.array([number.get(label, len(number)) for label in labels])
    targets, measured = coded, np.hstack([outputs, never])
    measures = {"rows": len(labels), **measure("test", measured, targets)}
    known, path = (names, labels), folder / "test_predictions.csv"
    write_predictions(path, known, outputs, description, config)
    (folder / "test_measures.json").write_text(json.dumps(measures))
    print("  ".join(f"{name} {value}" for name, value in measures.items()), flush=True)


if __name__ == "__main__":
    main(Config())
