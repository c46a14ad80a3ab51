# As in train.py of pytorch, linear, digits

# %% Training: an explicit loop, nothing hidden.
def train(model, optimizer, data, history: list, config: Config, folder, origin, stop) -> str:
    inputs, targets = torch.from_numpy(data.train_inputs), torch.from_numpy(data.train_targets)
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
            write_table(folder / "history.csv", history[0], (row.values() for row in history))
            print("  ".join(f"{name} {value}" for name, value in history[-1].items()), flush=True)
            state = {"origin": origin, "history": history, "model": model.state_dict()}
            torch.save({**state, "optimizer": optimizer.state_dict()}, folder / "checkpoint.tmp")
            os.replace(folder / "checkpoint.tmp", folder / "checkpoint.pt")
            (folder / "model").mkdir(exist_ok=True)
            if history[-1]["valid_loss"] == min(row["valid_loss"] for row in history):
                torch.save(model.state_dict(), folder / "best.tmp")  # Kept beside the last one
                os.replace(folder / "best.tmp", folder / "model" / "best.pt")
        if not learned["train_loss"] < 1e6:  # A model that knows nothing has a loss of 1
            print("Diverged: try a smaller learning rate.", flush=True)
            return "diverged"
        if stop(history):
            return "stopped early"
    return "finished"


def train_on(model, optimizer, batches, count: int, epoch: int, config: Config, folder) -> None:
    model.train()
    steps = math.ceil(count / config.batch_size)
    wave = (1 + math.cos(math.pi * (epoch - 1) / config.epochs)) / 2  # From 1 down to 0
    optimizer.param_groups[0]["lr"] = config.learning_rate * wave
    for step, (rows, targets) in enumerate(batches, start=1):
        loss = nn.functional.cross_entropy(model(rows), targets)  # How wrong is it?
        optimizer.zero_grad()
        loss.backward()  # In which direction should each weight move?
        optimizer.step()  # Move each a little in that direction
        if folder and step % max(1, min(100, steps // 20)) == 0:
            with open(folder / "progress.csv", "a", encoding="utf-8") as file:
                file.write(f"{epoch},{step},{steps},{loss.item():.4f}\n")


def load_checkpoint(folder: Path | None, model, optimizer, origin: str) -> list[dict]:
    if not folder or not (folder / "checkpoint.pt").exists():
        return []
    state = torch.load(folder / "checkpoint.pt", weights_only=True)  # Opening it runs no code
    if state["origin"] != origin:  # Of other code, settings or data
        return []
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return state["history"]
