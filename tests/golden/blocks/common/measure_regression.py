# As in train.py of pytorch, linear, table-regression

# %% Measuring: how good are the predictions?
def measure(part: str, estimates: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    # In squared standard deviations: 1 is the loss of always predicting the mean
    loss = np.square(estimates.astype(float) - targets).mean()
    r2 = 1 - loss / max(targets.var(dtype=float), 1e-12)  # 1 is perfect, 0 no better than the mean
    return {f"{part}_loss": round(float(loss), 6), f"{part}_r2": round(float(r2), 6)}
