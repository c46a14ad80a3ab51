"""Answer: one number; the loss (mean squared error) says how far off it is."""

import numpy as np
import torch
from torch import nn

LOSS = nn.MSELoss()


@torch.inference_mode()
def predict(model: nn.Module, inputs: np.ndarray) -> np.ndarray:
    """Return one number for each row."""
    model.eval()
    outputs = torch.cat([model(batch) for batch in torch.from_numpy(inputs).split(1000)])
    return outputs.numpy()
