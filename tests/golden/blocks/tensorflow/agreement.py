# As in agreement.py of tensorflow, linear, digits

# %% The experiment in Keras: each way to learn, from the same start, on the same batches.
def weights_of(model) -> list[np.ndarray]:
    return [weights.numpy() for weights in model.trainable_variables]


def set_weights(model, config: Config) -> None:
    kinds = {"recurrent_kernel": "kernel", "beta": "bias"}
    named = [(kinds.get(w.name, w.name), tuple(w.shape)) for w in model.trainable_variables]
    drawn = first_weights(named, config)
    for weights, values in zip(model.trainable_variables, drawn, strict=True):
        weights.assign(values)


def learn(data: Data, arm: Arm, config: Config) -> dict:
    keras.config.set_floatx(arm.precision)
    keras.config.set_dtype_policy(arm.precision)
    arrays = {name: values for name, values in data._asdict().items() if hasattr(values, "dtype")}
    numbers = {name: values for name, values in arrays.items() if values.dtype.kind == "f"}
    data = data._replace(**{name: values.astype(arm.precision) for name, values in numbers.items()})
    model = build_model(config, data.train_inputs.shape[1:], data.description["outputs"])
    set_weights(model, config)
    optimizer = build_optimizer(model, config._replace(optimizer=arm.optimizer))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    steps = max(1, min(500, len(data.train_inputs) // config.batch_size // 5))  # In one go
    model.compile(optimizer, loss, steps_per_execution=steps, jit_compile=False)  # XLA is slower
    optimizer.build(model.trainable_variables)
    inputs, targets = tf.constant(data.train_inputs), tf.constant(data.train_targets)
    seen = look(0, weights_of(model), lambda x: predict(model, x), data, config)
    for order, epoch, step in in_pieces(len(inputs), arm, config):
        rows = tf.data.Dataset.from_tensor_slices(order).batch(config.batch_size)
        batches = rows.map(lambda rows: (tf.gather(inputs, rows), tf.gather(targets, rows)))
        train_on(model, batches, len(inputs), epoch, config, Path())
        if step in [*STOPS, arm.last_step]:
            seen |= look(step, weights_of(model), lambda x: predict(model, x), data, config)
    return seen


def main(config: Config) -> None:
    tf.config.threading.set_intra_op_parallelism_threads(config.threads)
    data = load_data(config)
    for name, arm in ways_to_learn(len(data.train_inputs), config).items():
        np.savez(f"{name}.npz", **learn(data, arm, config))
        print(f"{name}: {arm.optimizer}, {arm.precision}, {arm.last_step}", flush=True)


if __name__ == "__main__":
    main(Config())
