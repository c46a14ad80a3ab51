# As in train.py of pytorch, linear, digits

# %% Measuring: how good are the predictions?
def measure(part: str, probabilities: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    of_the_truth = probabilities[np.arange(len(targets)), targets]
    loss = np.log(1 / np.maximum(of_the_truth, 1e-7)).mean()  # Small if the truth was likely
    accuracy = (probabilities.argmax(axis=1) == targets).mean()
    return {f"{part}_loss": round(float(loss), 6), f"{part}_accuracy": round(float(accuracy), 6)}
