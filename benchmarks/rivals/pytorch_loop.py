"""PyTorch, as bare as it gets: tensors in memory, a loop of five lines, the fused Adam."""

import time

import torch
from task import BATCH, CLASSES, HIDDEN, RATE, flat, read_task, report
from torch import nn

task = read_task()
if task.threads:
    torch.set_num_threads(task.threads)
torch.manual_seed(0)
inputs, targets = torch.from_numpy(flat(task.train_images)), torch.from_numpy(task.train_labels)
model = nn.Sequential(nn.Linear(784, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, CLASSES))
optimizer = torch.optim.Adam(model.parameters(), lr=RATE, fused=True)

start = time.perf_counter()
for _ in range(task.epochs):
    for rows in torch.randperm(len(inputs)).split(BATCH):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(inputs[rows]), targets[rows]).backward()
        optimizer.step()
seconds = time.perf_counter() - start

with torch.inference_mode():
    scores = model(torch.from_numpy(flat(task.valid_images)))
report(task, seconds, scores.numpy())
