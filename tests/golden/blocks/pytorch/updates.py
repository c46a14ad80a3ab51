# As in train.py of pytorch, mlp, digits, schedule=one_cycle, warm_up=1, early_stopping=3, record_updates=True

def kernels_of(model: nn.Module) -> list[torch.Tensor]:
    return [weights for weights in model.parameters() if weights.ndim > 1]  # Without the biases


def record_updates(folder: Path, model, before: list, data, epoch: int, config: Config) -> None:
    model.eval()
    weights, rows = kernels_of(model), torch.from_numpy(data.train_inputs[:256])
    said, stuck = outputs_and_stuck(model, rows)
    loss = loss_of(said, torch.from_numpy(data.train_targets[:256]), config).mean()
    slopes = torch.autograd.grad(loss, weights)
    changes = []
    for old, new, slope in zip(before, weights, slopes, strict=True):
        # As shares of the size of the weights: 0.01 means that a layer changed by a hundredth
        size = old.norm()
        changes.append((float((new - old).norm() / size), float(slope.norm() / size)))
    write_updates(folder, epoch, changes, stuck)


def outputs_and_stuck(model: nn.Module, rows: torch.Tensor) -> tuple[torch.Tensor, list[float]]:
    """Return what the model says, and of each activation the share of units that are stuck."""
    # Stuck: its slope is 0, or nearly, for every row, so that no row can teach it anything
    found = []

    def look(layer, given, said):
        if isinstance(layer, nn.ReLU):
            flat = said <= 0
        else:
            flat = (said.abs() > 0.99) | ((said < 0.01) & isinstance(layer, nn.Sigmoid))
        units = flat.movedim(1, -1).flatten(0, -2).all(dim=0)  # A filter is one unit
        found.append(round(float(units.float().mean()), 4))

    kinds = (nn.ReLU, nn.Sigmoid, nn.Tanh)
    hooks = [m.register_forward_hook(look) for m in model.modules() if isinstance(m, kinds)]
    said = model(rows)
    for hook in hooks:
        hook.remove()
    return said, found
