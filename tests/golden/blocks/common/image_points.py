# As in predict.py of pytorch, linear, digits

# %% Preparation: each image is resized; points go from 0 to 1, as networks like small numbers.
ENDINGS = (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".gif", ".tif", ".tiff", ".webp")


def read_image(path: Path, config: Config) -> np.ndarray:
    with Image.open(path, formats=config.formats) as image:
        image.draft(None, [2 * max(config.image_size)] * 2)  # Large JPEGs open small, and fast
        image = ImageOps.exif_transpose(image)  # Cameras note how they were held
        if image.mode.startswith("I;16"):
            # Of the 16 bits of a point, the upper 8 are enough
            image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
        if image.has_transparency_data:
            page = Image.new("RGBA", image.size, "white")  # Behind what is transparent
            image = Image.alpha_composite(page, image.convert("RGBA"))
        # Black borders fill up what is missing: squeezing an image would change its shapes
        return np.asarray(ImageOps.pad(image.convert(config.image_mode), config.image_size[::-1]))
