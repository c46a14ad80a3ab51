"""PyTorch the way the guide's chapter 6 trains.

One image at a time becomes a tensor, a DataLoader makes the batches, and the loss of each step is
added up.

torchvision is not needed: its MNIST and its ToTensor are written out here, step for step.
"""

import time

import numpy as np
import torch
from PIL import Image
from task import BATCH, CLASSES, HIDDEN, RATE, flat, read_task, report
from torch import nn
from torch.utils.data import DataLoader, Dataset


def to_tensor(picture: Image.Image) -> torch.Tensor:
    pixels = torch.from_numpy(np.array(picture, np.uint8, copy=True))
    channels = pixels.view(picture.size[1], picture.size[0], 1).permute(2, 0, 1).contiguous()
    return channels.to(torch.float32).div(255)


class Pictures(Dataset):
    def __init__(self, images: np.ndarray, labels: np.ndarray):
        self.images, self.labels = torch.from_numpy(images), torch.from_numpy(labels)

    def __len__(self):
        return len(self.images)

    def __getitem__(self, row: int):
        picture = Image.fromarray(self.images[row].numpy())
        return to_tensor(picture), int(self.labels[row])


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.to_row = nn.Flatten()
        self.hidden = nn.Linear(784, HIDDEN)
        self.output = nn.Linear(HIDDEN, CLASSES)

    def forward(self, pictures):
        return self.output(torch.relu(self.hidden(self.to_row(pictures))))


task = read_task()
if task.threads:
    torch.set_num_threads(task.threads)
torch.manual_seed(0)
batches = DataLoader(Pictures(task.train_images, task.train_labels), batch_size=BATCH, shuffle=True)
model = Network()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=RATE)

start = time.perf_counter()
for epoch in range(task.epochs):
    model.train()
    total = 0.0
    for pictures, labels in batches:
        optimizer.zero_grad()
        loss = criterion(model(pictures), labels)
        loss.backward()
        optimizer.step()
        total += loss.item()
    print(f"epoch {epoch + 1}: mean loss {total / len(batches):.4f}")
seconds = time.perf_counter() - start

with torch.no_grad():
    scores = model(torch.from_numpy(flat(task.valid_images)))
report(task, seconds, scores.numpy())
