# As in train.py of pytorch, mlp, table-beside, word_dropout=0.1, noise=0.1, mixup=0.2

# %% Augmentation: in each epoch the training rows are changed a little, each time differently.
def augment(rows: torch.Tensor, targets: torch.Tensor, random, config: Config):
    # The words of the texts are the last columns
    words = sum(config.word_columns)
    columns, words = rows.split([rows.shape[1] - words, words], dim=1)
    words = words * torch.from_numpy(random.random(words.shape) >= config.word_dropout)
    # Texts that lose words still count like the others
    texts = [nn.functional.normalize(text) for text in words.split(config.word_columns, dim=1)]
    rows = torch.cat([columns, *texts], dim=1)
    noise = random.standard_normal(rows.shape, dtype=np.float32)
    rows = rows + config.noise * torch.from_numpy(noise)
    # Mixup (Zhang et al., 2018): a row becomes a blend of two, and so does its target
    part = random.beta(config.mixup, config.mixup)
    other = torch.from_numpy(random.permutation(len(rows)))
    rows, targets = [part * one + (1 - part) * one[other] for one in (rows, targets)]
    return rows, targets
