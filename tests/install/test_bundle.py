"""A bundle: what it is filled with, for which system, and what is seen when it was interrupted."""

import functools
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from apprenti.data.fetch import known
from apprenti.install import bundle
from apprenti.install.bundle import Bundle, Target, UnusableError, Wanted
from apprenti.machine.machine import Machine

PYTHONS = ((3, 11), (3, 13))
SCRIPT = Path(bundle.__file__).with_name("wheel_needs.py")

NEEDS = {
    "alpha": ["beta>=1; sys_platform == 'win32'", "gamma[fast]", "delta; extra == 'all'"],
    "beta": [],
    "gamma": ["epsilon; extra == 'fast'", "zeta; python_version < '3.12'"],
    "epsilon": ["alpha"],
    "zeta": [],
}


def write_wheel(folder, name):
    path = folder / f"{name}-1.0-py3-none-any.whl"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0"]
    lines += [f"Requires-Dist: {text}" for text in NEEDS[name]]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}-1.0.dist-info/METADATA", "\n".join(lines) + "\n")
        # As setuptools has them inside
        archive.writestr(f"{name}/_vendor/other-1.0.dist-info/METADATA", "Name: other\n")
    return path


def needs(wheels, target, requirements=()):
    pairs = [{"path": str(path), "extras": list(extras)} for path, extras in wheels]
    asked = {"wheels": pairs, "requirements": list(requirements), "markers": target.markers}
    command = [sys.executable, "-I", str(SCRIPT)]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [
        Wanted(one["name"], one["requirement"], tuple(one["extras"]))
        for one in json.loads(done.stdout)
    ]


def gathered(made, target, fetch):
    made.systems.setdefault(target.name, {"wheels": {}, "frameworks": []})
    pins = dict.fromkeys(NEEDS, "1.0")
    return bundle.gather(
        made, target, [Wanted("alpha", "alpha")], fetch, needs, pins, lambda count, size: None
    )


@pytest.fixture
def fetched():
    return []


@pytest.fixture
def fetch(fetched):
    def fetch(words):
        name = words[-1].partition("[")[0].partition(">")[0]
        fetched.append(name)
        write_wheel(Path(words[words.index("--dest") + 1]), name)

    return fetch


WINDOWS, LINUX = Target("windows", "3.12"), Target("linux", "3.11")


def test_each_system_gets_what_its_conditions_ask_for(tmp_path, fetch):
    made = Bundle(tmp_path)
    assert gathered(made, WINDOWS, fetch) == {"alpha", "beta", "gamma", "epsilon"}
    assert gathered(made, LINUX, fetch) == {"alpha", "gamma", "epsilon", "zeta"}


def test_what_serves_every_system_is_fetched_once(tmp_path, fetch, fetched):
    made = Bundle(tmp_path)
    gathered(made, WINDOWS, fetch)
    gathered(made, LINUX, fetch)
    assert sorted(fetched) == ["alpha", "beta", "epsilon", "gamma", "zeta"]


def test_an_interrupted_bundle_goes_on_where_it_stopped(tmp_path, fetch, fetched):
    def interrupted(words):
        if fetched:
            (Path(words[words.index("--dest") + 1]) / "half.whl").write_bytes(b"half")
            raise KeyboardInterrupt
        fetch(words)

    with pytest.raises(KeyboardInterrupt):
        gathered(Bundle(tmp_path), WINDOWS, interrupted)
    assert sorted(path.name for path in tmp_path.rglob("*.whl")) == ["alpha-1.0-py3-none-any.whl"]
    gathered(Bundle.open(tmp_path), WINDOWS, fetch)
    assert fetched.count("alpha") == 1 and len(fetched) == 4


def test_a_wheel_that_was_damaged_is_fetched_again(tmp_path, fetch, fetched):
    made = Bundle(tmp_path)
    gathered(made, LINUX, fetch)
    path = tmp_path / "wheels" / "zeta-1.0-py3-none-any.whl"
    content = path.read_bytes()
    path.write_bytes(b"x" * len(content))
    bundle.drop_damaged(made)
    gathered(made, LINUX, fetch)
    assert fetched.count("zeta") == 2 and fetched.count("alpha") == 1
    assert list(made.wrong(made.files_of(LINUX.name), lambda share: None)) == []


def test_wheels_that_no_system_needs_go(tmp_path, fetch):
    made = Bundle(tmp_path)
    gathered(made, LINUX, fetch)
    del made.systems[LINUX.name]["wheels"]["zeta"]
    bundle.drop_unused(made)
    assert not list(tmp_path.rglob("zeta*")) and len(made.files) == 3


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("windows", Target("windows", "3.11")),
        ("windows-3.13", Target("windows", "3.13")),
        ("linux-arm", Target("linux-arm", "3.11")),
        ("linux-arm-3.12", Target("linux-arm", "3.12")),
    ],
)
def test_a_system_is_named_alone_or_with_its_python(name, expected):
    assert bundle.target_named(name, "3.11", *PYTHONS) == expected


@pytest.mark.parametrize("name", ["", "window", "windows-3.9", "mac-4.0", "windows-", "3.12"])
def test_another_name_is_refused_with_those_that_exist(name):
    with pytest.raises(UnusableError, match="bundle_system") as refused:
        bundle.target_named(name, "3.11", *PYTHONS)
    assert "windows" in refused.value.values["systems"]


def test_each_system_is_that_of_its_machines():
    for system in bundle.SYSTEMS:
        target = Target(system, "3.12")
        assert bundle.target_of(target.machine) == target
    assert bundle.target_of(Machine.from_json({"architecture": "riscv64"})) is None


def test_the_digits_are_those_that_apprenti_knows_and_lie_where_it_looks(monkeypatch, tmp_path):
    assert list(bundle.MNIST) == [file.name for file in known.KNOWN["mnist"].files]
    assert bundle.cache() == known.cache()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert bundle.cache() == known.cache()


def test_digits_are_taken_whole_and_only_once(tmp_path, monkeypatch):
    monkeypatch.setattr(bundle, "cache", lambda: tmp_path / "cache")
    monkeypatch.delenv("APPRENTI_DATA", raising=False)
    made = Bundle(tmp_path / "class")
    assert not bundle.add_mnist(made) and not bundle.take_mnist(made)
    here = tmp_path / "here" / "mnist"
    here.mkdir(parents=True)
    for name in bundle.MNIST:
        (here / name).write_text(name)
    monkeypatch.setenv("APPRENTI_DATA", str(here.parent))
    assert bundle.add_mnist(made)
    taken = tmp_path / "cache" / "mnist" / bundle.MNIST[0]
    for _ in range(2):
        assert bundle.take_mnist(made)
        assert taken.read_text() == bundle.MNIST[0]
    assert len(list(taken.parent.iterdir())) == 4


def test_what_the_project_is_built_with_goes_along():
    root = Path(__file__).parents[2]
    asked = functools.reduce(lambda text, one: text + " " + one, bundle.required(root), "")
    assert "hatchling" in asked and "editables" in asked and "pandas" in asked
