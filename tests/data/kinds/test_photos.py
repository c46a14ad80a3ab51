"""Photos as people have them: no class and no shade of them vanishes without a word."""

import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from apprenti.backends.common import image_files, image_folder
from apprenti.backends.common.settings import Config
from apprenti.data.findings import look_at_files
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings

CASES = Path(__file__).parents[2] / "cases"


@pytest.fixture
def unpacked(tmp_path):
    """unpacked("xray_12_bits_in_16"): what is found in the folder that was packed so, and of it."""

    def unpack(name):
        with zipfile.ZipFile(CASES / f"{name}.zip") as archive:
            archive.extractall(tmp_path / name)
        source = open_source(DataSettings(source=name), tmp_path)
        return source, {finding.code: finding.values for finding in look_at_files(source)}

    return unpack


@pytest.mark.skipif(sys.platform == "darwin", reason="one folder for both, there")
def test_a_class_stored_in_two_forms_is_one_class_and_told(unpacked):
    source, told = unpacked("photos_class_name_two_unicode_forms")
    assert (source.rows, source.classes) == (8, 3)
    assert told["D046"]["classes"] == ["caf\u00e9"]


def test_a_class_of_which_no_photo_is_read_is_told_with_their_number(unpacked):
    source, told = unpacked("photos_class_only_in_heic")
    assert source.classes == 2
    assert told["D041"]["classes"] == ["cat"]
    assert told["D042"]["count"] == 4


def test_folders_of_training_and_test_are_the_parts(unpacked):
    source, told = unpacked("photos_train_and_test_folders")
    assert (source.rows, source.classes, source.has_test_part) == (4, 2, True)
    assert "D048" in told


def test_radiographs_of_twelve_bits_keep_their_shades(unpacked):
    source, told = unpacked("xray_12_bits_in_16")
    config = Config(**source.settings)
    paths = image_folder.read(source.folder / "xray_12_bits_in_16", config)[0]
    every = np.arange(len(paths))
    known = image_files.fit_preparation(paths, every, config)
    assert len(np.unique(image_files.prepare(paths, every, known, config))) > 200
    assert "D047" not in told


@pytest.mark.parametrize("name", ["xray_12_bits_in_16", "photos_train_and_test_folders"])
def test_photos_that_are_still_packed_are_refused_as_such(name):
    with pytest.raises(ApprentiError) as caught:
        open_source(DataSettings(source=f"{name}.zip"), CASES)
    assert caught.value.key == "zip_of_images"
