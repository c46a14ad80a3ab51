"""PyTorch, tried in a process of its own: python -m apprenti.doctor.trials.pytorch [WHAT...]

WHAT is any of `training` and `compile`.
"""

import sys
from typing import Any

from apprenti.doctor.trials import problem
from apprenti.doctor.trials.report import begin, examine, tell


def others(torch: Any) -> list[str]:
    """Return the devices other than the processor."""
    begin("devices")
    found = [f"cuda:{number}" for number in range(torch.cuda.device_count())]
    if not torch.cuda.is_available():
        found = []
    if torch.backends.mps.is_available():
        found.append("mps")
    if hasattr(torch, "xpu") and torch.xpu.is_available():
        found.append("xpu")
    tell("devices", found=found)
    return found


def multiply(torch: Any, device: str) -> None:
    begin("operation", device)
    left, right = (torch.tensor(each, device=device) for each in problem.matrices())
    right_answer = (left @ right).cpu().tolist() == problem.product()
    name = torch.cuda.get_device_name(device) if device.startswith("cuda") else ""
    tell("operation", device, right=right_answer, name=name)


def train(torch: Any, compiled: bool) -> list[float]:
    """Return the losses of the steps that are shown."""
    model = torch.nn.Sequential(
        torch.nn.Linear(problem.INPUTS, problem.HIDDEN),
        torch.nn.Tanh(),
        torch.nn.Linear(problem.HIDDEN, problem.CLASSES),
    )
    with torch.no_grad():
        for layer, first in zip((model[0], model[2]), problem.weights(), strict=True):
            layer.weight.copy_(torch.tensor(first).T)
            layer.bias.zero_()
    optimizer = torch.optim.SGD(
        model.parameters(), lr=problem.LEARNING_RATE, momentum=problem.MOMENTUM
    )
    inputs, labels = torch.tensor(problem.inputs()), torch.tensor(problem.labels())
    forward = torch.compile(model) if compiled else model
    losses = []
    for step in range(problem.STEPS):
        loss = torch.nn.functional.cross_entropy(forward(inputs), labels)
        if step in problem.SHOWN:
            losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses


if __name__ == "__main__":
    examine("torch", sys.argv[1:], multiply, others, train)
