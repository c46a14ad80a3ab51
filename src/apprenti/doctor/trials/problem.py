"""The tiny training that every machine can repeat: its data and its first weights, by formula.

A network of 4 inputs, 16 hidden units (tanh) and 3 classes; 48 rows, all of them in each of 200
steps of gradient descent with momentum. Data and weights come from whole numbers and divisions by
powers of two, so that every machine begins with the same bytes, without any random number.
Standard library only.
"""

ROWS, INPUTS, HIDDEN, CLASSES = 48, 4, 16, 3
STEPS = 200
LEARNING_RATE = 0.125
MOMENTUM = 0.5
SHOWN = (0, 1, 2, 5, 10, 20, 50, 100, 150, 199)
"""The steps whose loss, before the weights move, is compared with the known one."""


def _level(number: int) -> float:
    """Return a value between -1 and 1 that jumps about: a whole number of 64ths."""
    return (number * number * 37 + number * 11) % 127 / 64 - 63 / 64


def inputs() -> list[list[float]]:
    return [[_level(INPUTS * row + column + 1) for column in range(INPUTS)] for row in range(ROWS)]


def labels() -> list[int]:
    """Return the class of each row: a rule of two inputs, which the network can learn."""
    return [(row[0] * row[1] > 0) + (row[2] > row[3]) for row in inputs()]


def weights() -> list[list[list[float]]]:
    """Return the first weights: two matrices, input by output. The biases begin at 0."""
    first = [[_level(HIDDEN * i + j + 200) / 2 for j in range(HIDDEN)] for i in range(INPUTS)]
    second = [[_level(CLASSES * i + j + 400) / 4 for j in range(CLASSES)] for i in range(HIDDEN)]
    return [first, second]


SIDE = 64


def matrices() -> tuple[list[list[float]], list[list[float]]]:
    """Return two square matrices of small whole numbers, whose product is exact in any precision.

    Sums stay under 2**11, so that even a GPU that rounds its factors to ten bits must be right.
    """
    left = [[float((3 * i + 5 * j) % 7 - 3) for j in range(SIDE)] for i in range(SIDE)]
    right = [[float((2 * i + 7 * j) % 5 - 2) for j in range(SIDE)] for i in range(SIDE)]
    return left, right


def product() -> list[list[float]]:
    """Return what the product of the two matrices must be."""
    left, right = matrices()
    columns = list(zip(*right, strict=True))
    return [
        [sum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in left
    ]
