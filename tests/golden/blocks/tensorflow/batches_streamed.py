# As in train.py of tensorflow, mlp, table-streamed

# %% Batches: each epoch goes through all the rows, which are read from the disk.
def shuffled(inputs, targets, epoch: int, config: Config):
    kinds = tf.float32, targets.dtype
    shapes = [(None, *part.shape[1:]) for part in (inputs, targets)]
    read, size = partial(pools, inputs, targets, epoch, config), config.batch_size
    signature = tuple(map(tf.TensorSpec, shapes, kinds))
    mixed = tf.data.Dataset.from_generator(read, output_signature=signature)

    def cut(rows, answers):
        starts = tf.data.Dataset.range(0, tf.shape(rows, tf.int64)[0], size)
        return starts.map(lambda i: (rows[i : i + size], answers[i : i + size]))

    steps = -(-len(inputs) // size)
    return mixed.flat_map(cut).apply(tf.data.experimental.assert_cardinality(steps))
