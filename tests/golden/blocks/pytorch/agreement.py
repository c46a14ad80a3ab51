# As in agreement.py of pytorch, linear, digits

# %% The experiment in PyTorch: each way to learn, from the same start, on the same batches.
class KerasAdam(torch.optim.SGD):
    """Adam with epsilon where Keras adds it: to sqrt(v), before v is corrected for its start."""

    steps = 0

    @torch.no_grad()
    def step(self):
        self.steps += 1
        # Keras rounds these two to 32 bits, even when everything else has 64
        beta_1, beta_2 = float(np.float32(0.9)), float(np.float32(0.999))
        change = (1 - beta_2**self.steps) ** 0.5 / (1 - beta_1**self.steps)
        for weight in self.param_groups[0]["params"]:
            mean = self.state[weight].setdefault("mean", torch.zeros_like(weight))
            square = self.state[weight].setdefault("square", torch.zeros_like(weight))
            mean += (weight.grad - mean) * 0.1
            square += (weight.grad.square() - square) * 0.001
            weight -= self.param_groups[0]["lr"] * change * mean / (square.sqrt() + 1e-7)


def weights_of(model) -> list[np.ndarray]:
    # PyTorch keeps outputs x inputs, Keras inputs x outputs
    return [weights.detach().numpy().T.copy() for weights in model.parameters()]


def learn(data: Data, arm: Arm, config: Config) -> dict:
    torch.set_default_dtype(getattr(torch, arm.precision))
    numbers = [data.train_inputs.astype(arm.precision), data.valid_inputs.astype(arm.precision)]
    data = data._replace(train_inputs=numbers[0], valid_inputs=numbers[1])
    model = build_model(config, data.train_inputs.shape[1:], data.description["outputs"])
    shapes = [weights.shape for weights in weights_of(model)]
    random = np.random.default_rng(config.seed)
    # Glorot and Bengio, 2010: neither too small nor too large, whatever the width; biases are 0
    limits = {shape: np.sqrt(6 / sum(shape)) if len(shape) > 1 else 0 for shape in shapes}
    start = [random.uniform(-1, 1, shape) * limits[shape] for shape in shapes]
    with torch.no_grad():
        for weights, values in zip(model.parameters(), start, strict=True):
            weights.copy_(torch.from_numpy(values.T))
    if arm.optimizer == "keras_adam":
        optimizer = KerasAdam(model.parameters(), lr=config.learning_rate)
    else:
        optimizer = build_optimizer(model, config._replace(optimizer=arm.optimizer))
    inputs, targets = torch.from_numpy(data.train_inputs), torch.from_numpy(data.train_targets)
    seen = look(0, weights_of(model), lambda x: predict(model, x), data, config)
    for order, epoch, step in in_pieces(len(inputs), arm, config):
        pieces = torch.from_numpy(order).split(config.batch_size)
        batches = ((inputs[rows], targets[rows]) for rows in pieces)
        train_on(model, optimizer, batches, len(inputs), epoch, config, Path())
        if step in [*STOPS, arm.last_step]:
            seen |= look(step, weights_of(model), lambda x: predict(model, x), data, config)
    return seen


def main(config: Config) -> None:
    torch.set_num_threads(config.threads)
    data = load_data(config)
    steps = -(-len(data.train_inputs) // config.batch_size) * config.epochs
    few = min(STOPS[-1], steps)
    arms = {
        "chosen": Arm(config.optimizer, "float32", steps),
        # Plain SGD: no memory, hence nothing that could blow up a difference
        "sgd": Arm("sgd", "float32", few),
        # Twice as many bits: whatever difference remains does not come from rounding
        "float64": Arm(config.optimizer, "float64", few),
    }
    if config.optimizer == "adam":
        moved = arms["float64"]._replace(optimizer="keras_adam")
        arms |= {"moved_float64": moved, "moved": moved._replace(precision="float32")}
    for name, arm in arms.items():
        np.savez(f"{name}.npz", **learn(data, arm, config))
        print(f"{name}: {arm.optimizer}, {arm.precision}, {arm.last_step}", flush=True)


if __name__ == "__main__":
    main(Config())
