# As in evaluate.py of tensorflow, linear, digits

# %% Model: loaded, with its trained weights.
def open_model(config: Config, folder: Path) -> tuple[keras.Model, dict]:
    tf.config.threading.set_intra_op_parallelism_threads(config.threads)
    description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    model = build_model(config, tuple(description["input_shape"]), description["outputs"])
    model.load_weights(folder / "model.weights.h5")
    return model, description
