# As in train.py of pytorch, mlp, digits, shift=0.1, rotation=10.0, zoom=0.1, flip=True, noise=0.1, mixup=0.2

# %% Augmentation: in each epoch the training rows are changed a little, each time differently.
def augment(images: torch.Tensor, targets: torch.Tensor, random, config: Config):
    count, height, width = images.shape[:3]
    # From the points of a new image to those of the old one, counted from the middle
    views = np.tile(np.eye(2, 3), (count, 1, 1))
    angle = np.radians(random.uniform(-config.rotation, config.rotation, count))
    turned = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    views[:, :, :2] = np.transpose(turned, (2, 0, 1))
    # Twice as large: what is seen at a point was half as far from the middle
    views /= random.uniform(1 - config.zoom, 1 + config.zoom, (count, 1, 1))
    views[:, 0] *= random.choice([-1, 1], (count, 1))
    views[:, :, 2] = random.uniform(-config.shift, config.shift, (count, 2)) * [width, height]
    half = np.float32([*images.shape[2:0:-1], 2]) / 2  # PyTorch counts in halves of a side
    scaled = torch.from_numpy(np.float32(views) * half / half[:2, None])
    # What comes in from outside is 0: with the corner subtracted, that is the page
    page = images[:, :1, :1]
    planes = (images - page).reshape(*images.shape[:3], -1).permute(0, 3, 1, 2)
    grid = nn.functional.affine_grid(scaled, planes.shape, align_corners=False)
    planes = nn.functional.grid_sample(planes, grid, align_corners=False)
    images = planes.permute(0, 2, 3, 1).reshape(images.shape) + page
    noise = random.standard_normal(images.shape, dtype=np.float32)
    images = images + config.noise * torch.from_numpy(noise)
    # Mixup (Zhang et al., 2018): a row becomes a blend of two, and so does its target
    part = random.beta(config.mixup, config.mixup)
    other = torch.from_numpy(random.permutation(len(images)))
    images, targets = [part * one + (1 - part) * one[other] for one in (images, targets)]
    return images, targets
