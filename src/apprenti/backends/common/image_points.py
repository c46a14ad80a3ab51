"""Preparation: each image is resized; points go from 0 to 1, as networks like small numbers."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from apprenti.backends.common.settings import Config

ENDINGS = (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".gif", ".tif", ".tiff", ".webp")


def read_image(path: Path, config: Config) -> np.ndarray:
    with Image.open(path, formats=config.formats) as image:
        if "draft" in config.image_needs:
            image.draft(None, [2 * max(config.image_size)] * 2)  # Large JPEGs open small, and fast
        if "turn" in config.image_needs:
            image = ImageOps.exif_transpose(image)  # Cameras note how they were held
        if config.image_mode == "F":
            points = np.asarray(image).astype(np.float32)  # Thousands of shades stay as they are
            image, dark = Image.fromarray(points), float(points.min())  # For the borders
            return np.asarray(ImageOps.pad(image, config.image_size[::-1], color=dark))
        if "16 bits" in config.image_needs and image.mode.startswith("I;16"):
            # Of the 16 bits of a point, the upper 8 are enough
            image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
        if "paper" in config.image_needs and image.has_transparency_data:
            page = Image.new("RGBA", image.size, "white")  # Behind what is transparent
            image = Image.alpha_composite(page, image.convert("RGBA"))
        # Black borders fill up what is missing: squeezing an image would change its shapes
        return np.asarray(ImageOps.pad(image.convert(config.image_mode), config.image_size[::-1]))
