# As in train.py of pytorch, mlp, table-beside, word_dropout=0.1

# %% Augmentation: in each epoch the training rows are changed a little, each time differently.
def augment(rows: torch.Tensor, targets: torch.Tensor, random, config: Config):
    # The words of the texts are the last columns
    words = sum(config.word_columns)
    columns, words = rows.split([rows.shape[1] - words, words], dim=1)
    words = words * torch.from_numpy(random.random(words.shape) >= config.word_dropout)
    # Texts that lose words still count like the others
    texts = [nn.functional.normalize(text) for text in words.split(config.word_columns, dim=1)]
    rows = torch.cat([columns, *texts], dim=1)
    return rows, targets


def augmented(batches, epoch: int, config: Config):
    # What is drawn comes from a seed for this epoch alone: a resumed run finds it again
    random = np.random.default_rng((config.seed, epoch, 1))
    return (augment(rows, targets, random, config) for rows, targets in batches)
