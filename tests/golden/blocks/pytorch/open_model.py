# As in evaluate.py of pytorch, linear, digits

# %% Model: loaded, with its trained weights.
def open_model(config: Config, folder: Path) -> tuple[nn.Module, dict]:
    torch.set_num_threads(config.threads)
    description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    model = build_model(config, tuple(description["input_shape"]), description["outputs"])
    # weights_only: opening a file must never run code
    model.load_state_dict(torch.load(folder / "weights.pt", weights_only=True))
    return model, description
