"""Model: reads the words one after the other and remembers what counts (GRU)."""

from itertools import pairwise

import torch
from torch import nn

from apprenti.backends.common.settings import Config


class Reader(nn.Module):
    def __init__(self, config: Config, outputs: int):
        super().__init__()
        # Each word becomes a few numbers, learned too: words used alike come to look alike
        self.embedding = nn.Embedding(config.vocabulary + 2, config.embedding_size)
        sizes = [config.embedding_size, *config.hidden_units]
        self.layers = nn.ModuleList(nn.GRU(a, b, batch_first=True) for a, b in pairwise(sizes))
        self.output = nn.Linear(sizes[-1], outputs)
        if config.dropout:
            # No neuron can rely on another
            self.output = nn.Sequential(nn.Dropout(config.dropout), self.output)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        # Each text is read up to its last word: the padding after it changes nothing
        states = nn.utils.rnn.pack_padded_sequence(
            self.embedding(tokens),
            (tokens > 0).sum(dim=1),
            batch_first=True,
            enforce_sorted=False,
        )
        for layer in self.layers:
            states, memory = layer(states)
        return self.output(memory[0])


def build_model(config: Config, shape: tuple[int, ...], outputs: int) -> nn.Module:
    return Reader(config, outputs)
