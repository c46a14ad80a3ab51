"""One's own digit: drawings are recognised about as well as the images they were made from.

The claims: of 1,000 test images of MNIST, each drawn again in one of fourteen ways (dark on light,
out of the middle, large, small, in colour, on a transparent page, in uneven light, thinner,
thicker, slightly turned, photographed ...), an MLP and a CNN recognise at most 3 points fewer than
of the images themselves. --images is their number; --folder keeps the drawings.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

LIMIT = 3.0
"""Points of accuracy that a drawing may cost."""

MODELS = {"MLP": {"model.kind": "mlp"}, "CNN": {"model.kind": "cnn", "train.epochs": 2}}
ORIENTATION, ON_ITS_SIDE = 0x0112, 6

Array = np.ndarray[Any, Any]
Way = Callable[[Image.Image, np.random.Generator], Image.Image]


def enlarged(points: Array, side: int) -> Image.Image:
    """Return the shape of a digit (0 to 1, light on dark) at another size, with clean edges."""
    bytes_of = Image.fromarray(np.uint8(255 * points))
    large = np.asarray(bytes_of.resize((side, side), Image.Resampling.BICUBIC), float) / 255
    return Image.fromarray(np.uint8(255 * np.clip((large - 0.5) * side / 56 + 0.5, 0, 1)))


def on_page(
    shape: Image.Image, size: tuple[int, int], place: tuple[int, int], ink: Any, page: Any
) -> Image.Image:
    """Return a page of this size and colour with the shape on it in the colour of its ink."""
    sheet = Image.new("RGB", size, page)
    sheet.paste(Image.new("RGB", shape.size, ink), place, shape)
    return sheet


def _dark_on_light(shape: Image.Image, random: np.random.Generator) -> Image.Image:
    return on_page(shape, shape.size, (0, 0), "black", "white").convert("L")


def _light_on_dark(shape: Image.Image, random: np.random.Generator) -> Image.Image:
    return shape


def _same_size(shape: Image.Image, random: np.random.Generator) -> Image.Image:
    return _dark_on_light(shape, random).resize((28, 28), Image.Resampling.BOX)


def _off_centre(shape: Image.Image, random: np.random.Generator) -> Image.Image:
    size = (3 * shape.width, 2 * shape.height)
    place = [int(random.integers(0, room)) for room in (2 * shape.width, shape.height)]
    return on_page(shape, size, (place[0], place[1]), "black", "white").convert("L")


def _large(shape: Image.Image, random: np.random.Generator) -> Image.Image:
    return _dark_on_light(shape.resize((1400, 1400)), random)


def _small(shape: Image.Image, random: np.random.Generator) -> Image.Image:
    return _dark_on_light(shape, random).resize((40, 40), Image.Resampling.BOX)


def _grey(shape: Image.Image, random: np.random.Generator) -> Image.Image:
    ink = int(random.integers(70, 130))
    return on_page(shape, shape.size, (0, 0), (ink,) * 3, (215,) * 3)


def _coloured(shape: Image.Image, random: np.random.Generator) -> Image.Image:
    pairs = [("blue", "white"), ("red", "khaki"), ("yellow", "navy"), ("gold", "white")]
    ink, page = pairs[int(random.integers(len(pairs)))]
    return on_page(shape, shape.size, (0, 0), ink, page)


def _transparent(shape: Image.Image, random: np.random.Generator) -> Image.Image:
    ink = ("black", "white", "green")[int(random.integers(3))]
    sheet = Image.new("RGBA", shape.size, ink)
    sheet.putalpha(shape)
    return sheet


def _uneven_light(shape: Image.Image, random: np.random.Generator) -> Image.Image:
    sheet = np.asarray(on_page(shape, shape.size, (0, 0), (60,) * 3, (235,) * 3), float)
    across = np.linspace(0.35, 1, sheet.shape[1])[:: random.choice((1, -1))]
    down = np.linspace(0.75, 1, sheet.shape[0])[:, None]
    return Image.fromarray(np.uint8(sheet * (across * down)[..., None]))


def _thinner(shape: Image.Image, random: np.random.Generator) -> Image.Image:
    return _dark_on_light(shape.filter(ImageFilter.MinFilter(7)), random)


def _thicker(shape: Image.Image, random: np.random.Generator) -> Image.Image:
    return _dark_on_light(shape.filter(ImageFilter.MaxFilter(9)), random)


def _turned(shape: Image.Image, random: np.random.Generator) -> Image.Image:
    angle = float(random.uniform(-8, 8))
    return _dark_on_light(shape.rotate(angle, Image.Resampling.BICUBIC), random)


def _photographed(shape: Image.Image, random: np.random.Generator) -> Image.Image:
    """Paper held sideways: shadow, grain, blur, specks; the camera notes how it was held."""
    place = tuple(int(random.integers(20, 300)) for _ in range(2))
    sheet = on_page(shape, (640, 640), (place[0], place[1]), (40, 45, 80), (225, 220, 205))
    light = np.tile(np.linspace(150, 255, 640), (640, 1))
    light[:, : int(random.integers(80, 200))] *= 0.8
    soft = Image.fromarray(np.uint8(light)).filter(ImageFilter.GaussianBlur(8))
    points = np.asarray(sheet, float) * np.asarray(soft, float)[..., None] / 255
    points += random.normal(0, 6, points.shape)
    for x, y in random.integers(0, 637, (6, 2)):
        points[y : y + 3, x : x + 3] -= 60
    blurred = Image.fromarray(np.uint8(np.clip(points, 0, 255)))
    held = blurred.filter(ImageFilter.GaussianBlur(1.5)).transpose(Image.Transpose.ROTATE_90)
    held.getexif()[ORIENTATION] = ON_ITS_SIDE
    return held


WAYS: dict[str, Way] = {
    "light on dark": _light_on_dark,
    "dark on light": _dark_on_light,
    "of the same size": _same_size,
    "out of the middle": _off_centre,
    "large": _large,
    "small": _small,
    "grey": _grey,
    "in colour": _coloured,
    "on a transparent page": _transparent,
    "in uneven light": _uneven_light,
    "thinner": _thinner,
    "thicker": _thicker,
    "slightly turned": _turned,
    "photographed": _photographed,
}


def draw(images: Array, folder: Path, seed: int = 0) -> list[str]:
    """Write one drawing for each image (points from 0 to 1), by turns in each of the ways.

    Returns what way each is drawn in. Their names are in the order of the images.
    """
    random, names = np.random.default_rng(seed), list(WAYS)
    drawn = [names[place % len(names)] for place in range(len(images))]
    for place, (points, name) in enumerate(zip(images, drawn, strict=True)):
        made = WAYS[name](enlarged(points, 280), random)
        ending = "jpg" if name == "photographed" else "png"
        made.save(folder / f"{place:05d}.{ending}", exif=made.getexif())
    return drawn


def main() -> None:
    import ours
    import side_by_side

    import apprenti
    from apprenti.data.kinds.idx import read_idx

    parser = side_by_side.options(__doc__ or "", 1, "rows")
    parser.add_argument("--images", type=int, default=1000, help="default 1000")
    parser.add_argument("--folder", type=Path, help="keeps the drawings")
    arguments = parser.parse_args()
    with TemporaryDirectory() as made:
        project = ours.make_project(Path(made) / "project")
        names = [f"t10k-{name}-ubyte.gz" for name in ("images-idx3", "labels-idx1")]
        read = (read_idx(project / "mnist" / name) for name in names)
        images, labels = (rows[: arguments.images] for rows in read)
        drawings = arguments.folder or Path(made) / "drawings"
        drawings.mkdir(parents=True, exist_ok=True)
        ways = np.array(draw(images / 255, drawings))
        right: dict[str, dict[str, Array]] = {}
        for name, settings in MODELS.items():
            run = ours.train(project, "pytorch", {**settings, "data.split.train": arguments.rows})
            answers = apprenti.predict(run["run"], drawings, project=project)
            untouched = apprenti.predict(run["run"], images, project=project)
            right[name] = {
                "drawn": answers["predicted"].to_numpy() == labels,
                "untouched": untouched == labels,
            }
    conclude(arguments, ways, right)


def conclude(arguments: Any, ways: Array, right: dict[str, dict[str, Array]]) -> None:
    import side_by_side
    from side_by_side import Claim

    def percent(values: Array) -> str:
        return f"{100 * values.mean():.1f} %"

    head = ("", *(f"{name}, {what}" for name in right for what in ("drawn", "untouched")))
    columns = [found[what] for found in right.values() for what in ("drawn", "untouched")]
    rows = [[way, *(percent(column[ways == way]) for column in columns)] for way in WAYS]
    rows.append(["all", *(percent(column) for column in columns)])
    claims = []
    for name, found in right.items():
        lost = 100 * float(found["untouched"].mean() - found["drawn"].mean())
        claims.append(Claim(f"{name}, points lost by drawing", lost, LIMIT))
    results: dict[str, Any] = {name: [] for name in right}
    side_by_side.conclude(arguments, [side_by_side.table(head, rows)], claims, results)


if __name__ == "__main__":
    sys.exit(main())
