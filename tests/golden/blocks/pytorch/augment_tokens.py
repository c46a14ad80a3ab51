# As in train.py of pytorch, gru, texts, word_dropout=0.1

# %% Augmentation: in each epoch the training rows are changed a little, each time differently.
def augment(tokens: torch.Tensor, targets: torch.Tensor, random, config: Config):
    # 1 is the unknown word, 0 the padding, which has no words to hide
    hidden = torch.from_numpy(random.random(tokens.shape) < config.word_dropout)
    return torch.where(hidden & (tokens > 0), 1, tokens), targets
