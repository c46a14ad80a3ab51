"""THE order of the nine steps. Packages, commands, pages and reports follow it."""

STEPS = (
    "data",
    "model",
    "train",
    "diagnose",
    "tune",
    "evaluate",
    "track",
    "export",
    "serve",
)
