"""What is left behind: the history, the predictions and a description of the model."""

import json

from apprenti.backends.common.data import Data


def describe_model(data: Data, parameters: int) -> None:
    """Write what somebody needs, besides the weights, to use the model on new rows."""
    description = {**data.target, "input_shape": data.train_inputs.shape[1:]}
    description |= {"preparation": data.preparation, "parameters": parameters}
    with open("model/model.json", "w", encoding="utf-8") as file:
        json.dump(description, file, ensure_ascii=False, indent=1, default=lambda v: v.tolist())
