"""Answer: one number; the loss (mean squared error) says how far off it is."""

import numpy as np
import torch
from torch import nn

LOSS = nn.MSELoss()


@torch.inference_mode()
def predict(model: nn.Module, inputs: np.ndarray) -> np.ndarray:
    """Return one number for each row."""
    model.eval()
    pieces = (inputs[i : i + 1000] for i in range(0, len(inputs), 1000))
    outputs = torch.cat([model(torch.from_numpy(piece)) for piece in pieces])
    return outputs.numpy()
