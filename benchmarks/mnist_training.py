"""Training time of the same network on the same rows: MNIST, 784-128-10, batches of 32, Adam 0.001.

The claims, all ratios of medians, training alone (no loading, no evaluation):

  PyTorch      the run's script takes at most 1.10 x a bare loop over tensors in memory with the
               fused Adam, and at most 0.40 x the guide's own script
  TensorFlow   the run's script takes at most 1.10 x the best `fit` found, and at most 0.45 x the
               guide's own script

Everybody gets --threads threads (1 is Apprenti's default). The guide's scripts, which choose no
number, run both so and with the library's own default; the faster of the two counts. The best `fit`
is searched first, by two epochs of every combination of XLA, steps an execution and way to feed;
the four best take part in every round and the fastest counts. Lightning, skorch and scikit-learn
are there for comparison, each as its documentation has it.
"""

import sys
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import ours
import side_by_side
from side_by_side import Contestant, Measured

RIVALS = Path(__file__).parent / "rivals"

SCRIPT = {"pytorch": "PyTorch, the run's script", "tensorflow": "TensorFlow, the run's script"}
LOOP = "PyTorch, bare loop"
GUIDE = {name: f"{name}, the guide's script" for name in ("PyTorch", "TensorFlow")}
AS_LIKED = ", default threads"

SEARCH_EPOCHS, KEPT = 2, 4


def main() -> None:
    parser = side_by_side.options(__doc__ or "", 3, "epochs", "rows")
    parser.add_argument("--threads", type=int, default=1, help="default 1")
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        project = ours.make_project(Path(folder) / "project")
        settings = {"data.split.train": arguments.rows, "train.threads": arguments.threads}
        settings["train.epochs"] = arguments.epochs
        rows = Path(folder) / "rows.npz"
        ours.write_rows(project, settings, rows)
        same = ["--epochs", str(arguments.epochs), "--threads", str(arguments.threads)]
        fits = search(rows, arguments)
        contestants = [
            run_of(project, "pytorch", settings),
            rival(LOOP, "pytorch_loop", [rows, *same], "torch"),
            *guides("PyTorch", "pytorch_guide", rows, arguments, "torch", "PIL"),
            run_of(project, "tensorflow", settings),
            *(fit_rival(way, rows, same) for way in fits),
            *guides("TensorFlow", "tensorflow_guide", rows, arguments, "tensorflow"),
            rival("Lightning, Trainer", "lightning_trainer", [rows, *same], "lightning"),
            rival("skorch, NeuralNetClassifier", "skorch_classifier", [rows, *same], "skorch"),
            rival("scikit-learn, MLPClassifier", "sklearn_mlp", [rows, *same], "sklearn"),
        ]
        results = side_by_side.alternate(contestants, arguments.rounds)
    conclude(arguments, fits, results)


def run_of(project: Path, framework: str, settings: dict[str, object]) -> Contestant:
    module = {"pytorch": "torch"}.get(framework, framework)
    measure = partial(ours.train, project, framework, settings)
    return Contestant(SCRIPT[framework], measure, (module,))


def rival(name: str, script: str, given: list[str | Path], *needs: str) -> Contestant:
    command = [sys.executable, RIVALS / f"{script}.py", *given]
    return Contestant(name, partial(side_by_side.child, command), needs)


def guides(name: str, script: str, rows: Path, arguments, *needs: str) -> list[Contestant]:
    """Return a guide's script twice: with everybody's threads, and with as many as it likes."""
    given = [rows, "--epochs", str(arguments.epochs), "--threads"]
    return [
        rival(GUIDE[name], script, [*given, str(arguments.threads)], *needs),
        rival(GUIDE[name] + AS_LIKED, script, [*given, "0"], *needs),
    ]


# The best fit


Fit = tuple[str, ...]
"""The options of rivals/tensorflow_fit.py that make one way to call `fit`."""


def search(rows: Path, arguments) -> dict[Fit, float]:
    """Return the four best ways to call `fit`, with the seconds they are expected to take."""
    same = ["--epochs", str(SEARCH_EPOCHS), "--threads", str(arguments.threads)]
    ways = [
        (*jit, "--steps", steps, "--feed", feed)
        for jit, steps, feed in product(((), ("--jit",)), ("1", "100", "0"), ("arrays", "gather"))
    ]
    tried = side_by_side.alternate([fit_rival(way, rows, same) for way in ways], 1)
    expected = {}
    for way in ways:
        for measured in tried.get(fit_name(way), []):
            # Compiling is paid once, the last epoch is what each further one costs
            more = (arguments.epochs - SEARCH_EPOCHS) * measured["last_epoch"]
            expected[way] = measured["seconds"] + more
    return dict(sorted(expected.items(), key=lambda item: item[1])[:KEPT])


def fit_rival(way: Fit, rows: Path, same: list[str]) -> Contestant:
    return rival(fit_name(way), "tensorflow_fit", [rows, *same, *way], "tensorflow")


def fit_name(way: Fit) -> str:
    steps = {"1": "1 step", "0": "a whole epoch"}.get(way[-3], f"{way[-3]} steps")
    return f"TensorFlow, fit: {'XLA, ' if '--jit' in way else ''}{steps}, {way[-1]}"


# What came out


def conclude(arguments, fits: dict[Fit, float], results: dict[str, list[Measured]]) -> None:
    claim: Callable[..., list[side_by_side.Claim]] = partial(side_by_side.ratio, results=results)
    torch_guides = [GUIDE["PyTorch"], GUIDE["PyTorch"] + AS_LIKED]
    keras_guides = [GUIDE["TensorFlow"], GUIDE["TensorFlow"] + AS_LIKED]
    claims = [
        *claim("PyTorch script / bare loop", SCRIPT["pytorch"], [LOOP], 1.10),
        *claim("PyTorch script / guide", SCRIPT["pytorch"], torch_guides, 0.40),
        *claim("TensorFlow script / best fit", SCRIPT["tensorflow"], map(fit_name, fits), 1.10),
        *claim("TensorFlow script / guide", SCRIPT["tensorflow"], keras_guides, 0.45),
    ]
    rows = []
    for name, measured in sorted(results.items(), key=lambda item: side_by_side.middle(item[1])):
        accuracy = 100 * side_by_side.middle(measured, "valid_accuracy")
        to_ours = [
            f"{side_by_side.middle(measured) / side_by_side.middle(results[script]):.2f}"
            if script in results
            else ""
            for script in SCRIPT.values()
        ]
        rows.append([*side_by_side.seconds_row(name, measured), *to_ours, f"{accuracy:.2f} %"])
    head = ("contestant", *side_by_side.SECONDS, "x PyTorch", "x TensorFlow", "valid accuracy")
    side_by_side.conclude(arguments, [side_by_side.table(head, rows)], claims, results)


if __name__ == "__main__":
    main()
