# As in train.py of pytorch, mlp, digits, shift=0.1, rotation=10.0, zoom=0.1, flip=True, noise=0.1, mixup=0.2

def augment(images: torch.Tensor, targets: torch.Tensor, random, config: Config):
    count, height, width = images.shape[:3]
    views = draw_views(random, count, height, width, config)
    # PyTorch counts in halves of a side
    half = np.float32([width / 2, height / 2, 1])
    views = torch.from_numpy(views * half / half[:2, None])
    # What comes in from outside is 0: with the corner subtracted, that is the page
    page = images[:, :1, :1]
    planes = (images - page).reshape(count, height, width, -1).permute(0, 3, 1, 2)
    grid = nn.functional.affine_grid(views, planes.shape, align_corners=False)
    planes = nn.functional.grid_sample(planes, grid, align_corners=False)
    images = planes.permute(0, 2, 3, 1).reshape(images.shape) + page
    noise = random.standard_normal(images.shape, dtype=np.float32)
    images = images + config.noise * torch.from_numpy(noise)
    # Mixup (Zhang et al., 2018): a row becomes a blend of two, and so does its target
    share = random.beta(config.mixup, config.mixup)
    other = torch.from_numpy(random.permutation(len(images)))
    images, targets = [share * each + (1 - share) * each[other] for each in (images, targets)]
    return images, targets


def augmented(batches, epoch: int, config: Config):
    # What is drawn comes from a seed for this epoch alone: a resumed run finds it again
    random = np.random.default_rng((config.seed, epoch, 1))
    return (augment(rows, targets, random, config) for rows, targets in batches)
