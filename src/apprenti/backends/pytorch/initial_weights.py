"""Model: its initial weights are drawn at random; learning begins with them."""

from torch import nn

from apprenti.backends.common.settings import Config


def draw_weights(model: nn.Module, config: Config) -> None:
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv1d | nn.Conv2d):
            if config.initial_weights == "normal":
                # Standard deviation 1: with many inputs, sigmoid and tanh begin saturated
                nn.init.normal_(layer.weight)
            elif config.initial_weights == "he":
                # So small that ReLU keeps the scale, layer after layer (He et al., 2015)
                nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
            else:
                # So small that sigmoid and tanh keep the scale (Glorot and Bengio, 2010)
                nn.init.xavier_uniform_(layer.weight)
            if layer.bias is not None:
                if config.initial_weights == "normal":
                    nn.init.normal_(layer.bias)
                else:
                    nn.init.zeros_(layer.bias)
