"""Lightning: its Trainer without logger, checkpoints and progress bar, on tensors in memory."""

import logging
import time
import warnings

import lightning
import torch
from task import BATCH, CLASSES, HIDDEN, RATE, flat, read_task, report
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

warnings.filterwarnings("ignore")
logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)


class Network(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(784, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, CLASSES))

    def training_step(self, batch, index):
        inputs, targets = batch
        return nn.functional.cross_entropy(self.layers(inputs), targets)

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=RATE)

    def on_train_start(self):
        self.begin = time.perf_counter()

    def on_train_end(self):
        self.seconds = time.perf_counter() - self.begin


task = read_task()
if task.threads:
    torch.set_num_threads(task.threads)
lightning.seed_everything(0, verbose=False)
rows = TensorDataset(torch.from_numpy(flat(task.train_images)), torch.from_numpy(task.train_labels))
model = Network()
trainer = lightning.Trainer(
    max_epochs=task.epochs,
    accelerator="cpu",
    logger=False,
    enable_checkpointing=False,
    enable_progress_bar=False,
    enable_model_summary=False,
)
trainer.fit(model, DataLoader(rows, batch_size=BATCH, shuffle=True))

with torch.inference_mode():
    scores = model.layers(torch.from_numpy(flat(task.valid_images)))
report(task, model.seconds, scores.numpy())
