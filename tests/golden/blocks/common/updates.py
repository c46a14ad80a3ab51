# As in train.py of pytorch, mlp, digits, schedule=one_cycle, warm_up=1, early_stopping=3, record_updates=True

# %% Updates: how far an epoch moves each layer, and whether its units can still learn.
def write_updates(folder: Path, epoch: int, changes: list, stuck: list) -> None:
    """Write a line for each layer: its number, what changed in it, the share of stuck units."""
    stuck = [*stuck, ""] if len(stuck) == len(changes) - 1 else [""] * len(changes)
    lines = [
        (epoch, layer, f"{update:.4g}", f"{gradient:.4g}", share)
        for layer, ((update, gradient), share) in enumerate(zip(changes, stuck, strict=True), 1)
    ]
    known, path = [], folder / "updates.csv"
    if epoch > 1 and path.exists():
        with open(path, newline="", encoding="utf-8") as file:
            known = [line for line in list(csv.reader(file))[1:] if int(line[0]) < epoch]
    write_table(path, ("epoch", "layer", "update", "gradient", "stuck"), known + lines)
