"""Answers and curves of which it is known what is wrong with them."""

import numpy as np


def predictions(truth, predicted, sure):
    if isinstance(truth[0], float):
        both = zip(truth, predicted, strict=True)
        return [{"row": n, "truth": t, "predicted": p} for n, (t, p) in enumerate(both)]
    names = sorted({*truth, *predicted})
    sure = [0.9] * len(truth) if sure is None else sure
    rows = []
    for n, (true, said, how) in enumerate(zip(truth, predicted, sure, strict=True)):
        rest = (1 - how) / max(1, len(names) - 1)
        shares = {f"probability_{name}": how if name == said else rest for name in names}
        rows.append({"row": n, "truth": true, "predicted": said, "confidence": how, **shares})
    return rows


def answers(share, rows=400, classes="ab", seed=0):
    """Return truths and predictions of which a share is right."""
    random = np.random.default_rng(seed)
    truth = random.choice(list(classes), rows)
    other = {one: classes[(place + 1) % len(classes)] for place, one in enumerate(classes)}
    right = np.arange(rows) < share * rows
    said = [t if ok else other[t] for t, ok in zip(truth, right, strict=True)]
    return {"truth": list(map(str, truth)), "predicted": said}


EPOCHS = np.arange(30)
HEALTHY = {
    "train_loss": 0.25 + 0.6 * np.exp(-EPOCHS / 3),
    "valid_loss": 0.3 + 0.6 * np.exp(-EPOCHS / 3),
    "train_accuracy": 0.92 - 0.4 * np.exp(-EPOCHS / 3),
    "valid_accuracy": 0.9 - 0.4 * np.exp(-EPOCHS / 3),
}
