# As in train.py of pytorch, mlp, table-streamed

# %% Batches: each epoch goes through all the rows, which are read from the disk.
def shuffled(inputs, targets, epoch: int, config: Config):
    for pool in pools(inputs, targets, epoch, config):
        rows, answers = (torch.from_numpy(part).split(config.batch_size) for part in pool)
        yield from zip(rows, answers, strict=True)
