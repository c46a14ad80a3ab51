"""Small runs whose models are quick, and how they predict."""

import pytest

import fork_server
from apprenti.predict import new_rows
from shops import shops


@pytest.fixture(scope="session")
def predict(silent):
    """predict(run, "a.csv", "b.csv"): what the model says of all that is given."""

    def call(run, *given, as_text=False):
        with fork_server.copies():
            return new_rows.predict(run, given, silent(), as_text=as_text)

    return call


@pytest.fixture(scope="session")
def of_shops(make_project, train, tmp_path_factory):
    """A run on a table as a French Excel writes it, of which `kind` is the target."""
    folder = tmp_path_factory.mktemp("shops")
    path = folder / "magasins.csv"
    path.write_bytes(shops(range(60)).encode("cp1252"))
    how = {"target": "genre", "framework": "sklearn", "kind": "tree", "ignore": ["code"]}
    return train(make_project("magasins.csv", folder=folder, **how))
