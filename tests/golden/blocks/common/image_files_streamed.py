# As in train.py of pytorch, cnn, image-folder-streamed

# %% Preparation: the points of the images go to the disk; read again, they are from 0 to 1.
# Number of images that are opened at a time
PIECE = 500


def prepare(inputs: np.ndarray, some, preparation: dict, config: Config) -> OnDisk:
    print("Opening the images: they go to the disk, to be read from there.", flush=True)
    # As bytes, a quarter of the room; networks learn better from small numbers
    points = OnDisk(np.uint8, preparation["scale"])
    for i in range(0, len(some), PIECE):
        files = inputs[some[i : i + PIECE]]
        images = np.stack([read_image(path, config) for path in files])
        points.append(images)
    return points
