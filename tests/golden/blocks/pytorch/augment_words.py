# As in train.py of pytorch, mlp, texts, word_dropout=0.1, noise=0.1, mixup=0.2

# %% Augmentation: in each epoch the training rows are changed a little, each time differently.
def augment(rows: torch.Tensor, targets: torch.Tensor, random, config: Config):
    kept = torch.from_numpy(random.random(rows.shape) >= config.word_dropout)
    # Texts that lose words still count like the others
    rows = nn.functional.normalize(rows * kept)
    noise = random.standard_normal(rows.shape, dtype=np.float32)
    rows = rows + config.noise * torch.from_numpy(noise)
    # Mixup (Zhang et al., 2018): a row becomes a blend of two, and so does its target
    part = random.beta(config.mixup, config.mixup)
    other = torch.from_numpy(random.permutation(len(rows)))
    rows, targets = [part * one + (1 - part) * one[other] for one in (rows, targets)]
    return rows, targets
