# As in train.py of pytorch, mlp, digits, shift=0.1, rotation=10.0, zoom=0.1, flip=True, noise=0.1, mixup=0.2

# %% Augmentation: in each epoch the training rows are changed a little, each time differently.
def draw_views(random, count: int, height: int, width: int, config: Config) -> np.ndarray:
    """Return a matrix for each image: from the points of the new one to those of the old one."""
    # Counted from the middle: as long as nothing is asked, each point stays where it is
    views = np.tile(np.eye(2, 3), (count, 1, 1))
    angle = np.radians(random.uniform(-config.rotation, config.rotation, count))
    turned = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    views[:, :, :2] = np.transpose(turned, (2, 0, 1))
    # Twice as large: what is seen at a point was half as far from the middle
    views /= random.uniform(1 - config.zoom, 1 + config.zoom, (count, 1, 1))
    views[:, 0] *= random.choice([-1, 1], (count, 1))
    views[:, :, 2] = random.uniform(-config.shift, config.shift, (count, 2)) * [width, height]
    return np.float32(views)
