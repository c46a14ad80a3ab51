# As in agreement.py of pytorch, linear, digits

# %% Training: an explicit loop, nothing hidden.
def build_optimizer(model: nn.Module, config: Config) -> torch.optim.Optimizer:
    if config.optimizer == "adam":
        return torch.optim.Adam(model.parameters(), lr=config.learning_rate, fused=True)
    return torch.optim.SGD(model.parameters(), lr=config.learning_rate, fused=True)
