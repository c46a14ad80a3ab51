"""Columns: the target, and those that a model may see."""

from pathlib import Path

from apprenti.backends.common.convert import convert
from apprenti.backends.common.csv_table import read_table
from apprenti.backends.common.new_table import read_new
from apprenti.backends.common.settings import Config


def read(path: Path, config: Config) -> tuple:
    table = read_table(path, config) if config.labelled else read_new(path, config)
    if (config.among_words or config.numbers or config.times or config.dates) or (
        config.categorical or config.trimmed or config.unite
    ):
        table = convert(table, config)
    if config.labelled and not config.all_answered:
        # Rows without a target cannot be used; the others keep their number in the file
        table = table.dropna(subset=[config.target])
    if config.labelled and not config.ignore:
        inputs = table.drop(columns=config.target)
    else:
        inputs = table.drop(columns=[config.target, *config.ignore], errors="ignore")
    if not config.labelled:
        return inputs, None, table.index.to_numpy()
    labels = table[config.target].to_numpy()
    if config.split_by == config.target:
        return inputs, labels, table.index.to_numpy()
    return inputs, labels, table.index.to_numpy(), table[config.split_by].to_numpy()
