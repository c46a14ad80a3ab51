"""Model: filters slide over the words and look for short phrases (convolutional network)."""

import torch
from torch import nn

from apprenti.backends.common.settings import Config


class PhraseFinder(nn.Module):
    def __init__(self, config: Config, outputs: int):
        super().__init__()
        # Each word becomes a few numbers, learned too: words used alike come to look alike
        self.embedding = nn.Embedding(config.vocabulary + 2, config.embedding_size)
        layers, size = [], config.embedding_size
        if config.activation == "sigmoid":
            activation = nn.Sigmoid()
        elif config.activation == "tanh":
            activation = nn.Tanh()
        for units in config.hidden_units:
            # Each filter looks at three words in a row, everywhere, for one phrase
            if config.batch_norm:
                # Batch normalisation brings what each filter finds to one scale
                layers += [nn.Conv1d(size, units, 3, padding="same", bias=False)]
                if config.activation == "relu":
                    layers += [nn.BatchNorm1d(units), nn.ReLU()]
                else:
                    layers += [nn.BatchNorm1d(units), activation]
            elif config.activation == "relu":
                layers += [nn.Conv1d(size, units, 3, padding="same"), nn.ReLU()]
            else:
                layers += [nn.Conv1d(size, units, 3, padding="same"), activation]
            size = units
        self.convolutions, self.output = nn.Sequential(*layers), nn.Linear(size, outputs)
        if config.dropout:
            # No neuron can rely on another
            self.output = nn.Sequential(nn.Dropout(config.dropout), self.output)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        # PyTorch wants the numbers of a word before the places in the text
        found = self.convolutions(self.embedding(tokens).transpose(1, 2))
        # Of all places the one where a filter found most; padding was read like a word
        return self.output(found.amax(dim=2))


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    return PhraseFinder(config, outputs)
