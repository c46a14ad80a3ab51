# As in train.py of pytorch, linear, digits

# %% Training: an explicit loop, nothing hidden.
def train(model: nn.Module, data: Data, config: Config, folder: Path | None, stop) -> tuple:
    optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate, fused=True)
    inputs, targets = torch.from_numpy(data.train_inputs), torch.from_numpy(data.train_targets)
    origin = origin_of(config, data) if folder else ""
    history = load_checkpoint(folder, model, optimizer, origin)
    try:
        for epoch in range(len(history) + 1, config.epochs + 1):
            start = time.perf_counter()
            # The order comes from a seed for this epoch alone: a resumed run finds it again
            order = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
            pieces = torch.from_numpy(order).split(config.batch_size)
            batches = ((inputs.index_select(0, at), targets.index_select(0, at)) for at in pieces)
            train_on(model, optimizer, batches, len(inputs), epoch, config, folder)
            seconds = time.perf_counter() - start + (history[-1]["seconds"] if history else 0)
            learned = measure("train", predict(model, data.train_inputs), data.train_targets)
            checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
            history.append({"epoch": epoch, **learned, **checked, "seconds": round(seconds, 3)})
            if folder:
                save_checkpoint(folder, model, optimizer, history, origin)
            if status := ending(history, stop):
                return history, status
    except KeyboardInterrupt:  # Ctrl-C: go back to the end of the last whole epoch
        history = load_checkpoint(folder, model, optimizer, origin)
        if not history:
            raise
        print(f"Stopped: epoch {len(history)} is the last one kept.", flush=True)
        return history, "interrupted"
    return history, "finished"


def train_on(model, optimizer, batches, count: int, epoch: int, config: Config, folder) -> None:
    model.train()
    loss_of = nn.CrossEntropyLoss()
    steps = math.ceil(count / config.batch_size)
    wave = (1 + math.cos(math.pi * (epoch - 1) / config.epochs)) / 2  # From 1 down to 0
    optimizer.param_groups[0]["lr"] = config.learning_rate * wave
    pause = max(1, min(100, steps // 20))
    for step, (rows, targets) in enumerate(batches, start=1):
        loss = loss_of(model(rows), targets)  # How wrong is the model?
        optimizer.zero_grad()
        loss.backward()  # In which direction should each weight move?
        optimizer.step()  # Move each a little in that direction
        if folder and step % pause == 0:
            with open(folder / "progress.csv", "a", encoding="utf-8") as file:
                file.write(f"{epoch},{min(step, steps)},{steps},{loss.item():.4f}\n")


def save_checkpoint(folder: Path, model, optimizer, history: list[dict], origin: str) -> None:
    write_table(folder / "history.csv", history[0], (row.values() for row in history))
    print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)
    state = {"origin": origin, "history": history}
    state |= {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
    torch.save(state, folder / "checkpoint.tmp")
    os.replace(folder / "checkpoint.tmp", folder / "checkpoint.pt")
    (folder / "model").mkdir(exist_ok=True)
    if history[-1]["valid_loss"] == min(row["valid_loss"] for row in history):
        torch.save(model.state_dict(), folder / "best.tmp")  # Kept beside the last one
        os.replace(folder / "best.tmp", folder / "model" / "best.pt")


def load_checkpoint(folder: Path | None, model, optimizer, origin: str) -> list[dict]:
    if not folder or not (folder / "checkpoint.pt").exists():
        return []
    state = torch.load(folder / "checkpoint.pt", weights_only=True)  # Opening it runs no code
    if state["origin"] != origin:  # Of other code, settings or data
        return []
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return state["history"]
