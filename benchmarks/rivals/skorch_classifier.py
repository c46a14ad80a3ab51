"""skorch: its NeuralNetClassifier, silent and without a validation part of its own."""

import time

import torch
from skorch import NeuralNetClassifier
from task import BATCH, CLASSES, HIDDEN, RATE, flat, read_task, report
from torch import nn

task = read_task()
if task.threads:
    torch.set_num_threads(task.threads)
torch.manual_seed(0)
classifier = NeuralNetClassifier(
    nn.Sequential(nn.Linear(784, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, CLASSES)),
    criterion=nn.CrossEntropyLoss,
    optimizer=torch.optim.Adam,
    lr=RATE,
    batch_size=BATCH,
    max_epochs=task.epochs,
    iterator_train__shuffle=True,
    train_split=None,
    verbose=0,
)
inputs = flat(task.train_images)
# Making the network and the optimizer is not training
classifier.initialize()

start = time.perf_counter()
classifier.partial_fit(inputs, task.train_labels)
seconds = time.perf_counter() - start

report(task, seconds, classifier.predict_proba(flat(task.valid_images)))
