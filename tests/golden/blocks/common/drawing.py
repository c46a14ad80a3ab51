# As in predict.py of pytorch, linear, digits

# %% Drawings: new ones get the ink, the size and the place of those of the training set.
# Ink is looked for in a small copy, and drawn again in so many points for one of the model
SMALL, FINE = 160, 8


def as_drawings(paths, images: np.ndarray, config: Config) -> np.ndarray:
    """Return images as the model knows drawings; those that are like them stay as they are."""
    made = []
    for path, points in zip(paths, images, strict=True):
        found = {"as_is": is_alike(path, points, config)}
        if not found["as_is"]:
            points, found = redraw(path, config)
        made.append(points)
        if config.seen:
            # To look at what the model sees
            found = {"path": str(path), **found, "points": points.tolist()}
            with open(config.seen, "a", encoding="utf-8") as file:
                file.write(json.dumps(found) + "\n")
    return np.stack(made)


def is_alike(path: Path, points: np.ndarray, config: Config) -> bool:
    """Say whether an image is drawn like those of the training set."""
    with Image.open(path, formats=config.formats) as image:
        if image.size != points.shape[::-1]:
            return False
    ink = tones(points, config.page, config.ink)
    page_enough = (ink <= 0.1).mean() >= config.least_page
    if not page_enough or ink.mean() > 0.5 or ink.max() < 0.5:
        return False
    least, _, most = config.ink_sizes
    left, top, right, bottom = box_of(ink > 0.1)
    apart = np.subtract(middle_of(ink, config), config.ink_middle)
    long_enough = least <= max(right - left, bottom - top) <= most
    return bool(long_enough and abs(apart).max() <= config.ink_apart)


def redraw(path: Path, config: Config) -> tuple[np.ndarray, dict]:
    """Return a drawing made like those of the training set, and what was found in it."""
    with Image.open(path, formats=config.formats) as image:
        shades = one_shade(ImageOps.exif_transpose(image))
    small = shades.copy()
    small.thumbnail((SMALL, SMALL), Image.Resampling.BOX)
    ink = find_ink(small)
    found = {"as_is": False, "inverted": ink.dark != (config.ink < config.page)}
    found |= {"cut": ink.cut, "side_by_side": ink.side_by_side, "stands_out": ink.stands_out}
    if not ink.shape.any():
        return np.full(config.image_size, config.page, np.float32), found
    place, shape = enlarged(shades, small.size, ink, config)
    stroke = width_of(shape)
    shape, width = with_width(shape, stroke, config)
    found |= {"box": place, "stroke": stroke / FINE, "width": width}
    return placed(shape, config), found


def enlarged(shades: Image.Image, size: tuple[int, int], ink: Ink, config: Config):
    """Return where in an image its ink is, and its shape, many points for one of the model."""
    left, top, right, bottom = box_of(ink.shape)
    # With a point around it, in the small copy of this size and in the image itself
    near = np.clip((left - 1, top - 1, right + 1, bottom + 1), 0, np.tile(size, 2))
    place = np.rint(near * np.tile(np.divide(shades.size, size), 2)).astype(int).tolist()
    larger = config.ink_sizes[1] * FINE / max(right - left, bottom - top)
    large = np.maximum(1, np.rint((near[2:] - near[:2]) * larger)).astype(int).tolist()
    part = np.asarray(shades.crop(place).resize(large))
    page = Image.fromarray(ink.page).crop(near.tolist()).resize(large)
    ours = Image.fromarray(ink.shape).convert("L").filter(ImageFilter.MaxFilter(3))
    ours = np.asarray(ours.crop(near.tolist()).resize(large)) > 0
    dark = tones(part, page, 0 if ink.dark else 255) * ours
    shape = Image.fromarray(dark > threshold(dark)).convert("L")
    return place, ImageOps.expand(shape, 4 * FINE)


def with_width(shape: Image.Image, stroke: float, config: Config) -> tuple[Image.Image, str]:
    """Return strokes that are neither thinner nor thicker than those of the training set."""
    thin, thick = np.multiply(config.ink_width, FINE)
    if stroke < thin:
        while width_of(shape) < thin:
            shape = shape.filter(ImageFilter.MaxFilter(3))
        return shape, "thicker"
    if stroke <= thick:
        return shape, ""
    while width_of(shape) > thick:
        shape = shape.filter(ImageFilter.MinFilter(3))
    return shape, "thinner"


def width_of(shape: Image.Image) -> float:
    """Return how wide strokes are: their points, by half of those at their edges."""
    ink = np.asarray(shape) > 0
    inside = np.asarray(shape.filter(ImageFilter.MinFilter(3))) > 0
    return 2 * ink.sum() / max(1, (ink & ~inside).sum())


def placed(shape: Image.Image, config: Config) -> np.ndarray:
    """Return a shape of the right size at the right place, as points of an image file."""
    height, width = config.image_size
    shape = shape.crop(shape.getbbox())
    larger = config.ink_sizes[1] * FINE / max(shape.size)
    shape = shape.resize([max(1, round(side * larger)) for side in shape.size])
    # By its middle, but never beyond the border
    apart = np.multiply(config.ink_middle, FINE) - middle_of(np.asarray(shape) / 255, config)
    most = np.subtract((width * FINE, height * FINE), shape.size)
    canvas = Image.new("L", (width * FINE, height * FINE))
    canvas.paste(shape, tuple(np.clip(np.rint(apart), 0, most).astype(int).tolist()))
    # Points that are covered in part become grey
    ink = np.asarray(canvas.reduce(FINE), np.float32) / 255
    return config.page + ink * np.float32(config.ink - config.page)


def middle_of(ink: np.ndarray, config: Config) -> tuple[float, float]:
    """Return the place by which a drawing is put into the middle: x, y."""
    left, top, right, bottom = box_of(ink > 0.1)
    return (left + right) / 2, (top + bottom) / 2
