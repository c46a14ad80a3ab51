# As in predict.py of pytorch, linear, digits

# %% Preparation: each image is resized; points go from 0 to 1, as networks like small numbers.
ENDINGS = (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".gif", ".tif", ".tiff", ".webp")


def read_image(path: Path, config: Config) -> np.ndarray:
    with Image.open(path, formats=config.formats) as image:
        # A large JPEG can be opened at a smaller size at once, which is much faster
        image.draft(None, [2 * max(config.image_size)] * 2)
        # Cameras note how they were held
        image = ImageOps.exif_transpose(image)
        if image.mode.startswith("I;16"):
            # Of the 16 bits of a point, the upper 8 are enough
            image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
        if image.has_transparency_data:
            # What is transparent shows a white page behind it
            page = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(page, image.convert("RGBA"))
        # Black borders fill up what is missing: squeezing an image would change its shapes
        return np.asarray(ImageOps.pad(image.convert(config.image_mode), config.image_size[::-1]))
