"""Tables of OpenML, by scikit-learn's own loader, from a server of our own that answers as it does.

The answers have the form of the documented interface; the real server is not asked.
"""

import gzip
import hashlib
import http.server
import json
import threading
from urllib.parse import urlsplit

import pytest

from apprenti.data.fetch import addresses, openml
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.new.template import write_project
from apprenti.project import DataSettings

ARFF = """% A comment
@RELATION boats
@ATTRIBUTE age NUMERIC
@ATTRIBUTE class {1,2,3}
@ATTRIBUTE 'home port' STRING
@ATTRIBUTE sank {no,yes}
@DATA
""" + "".join(
    f"{20 + n % 40},{1 + n % 3},'Port {n % 7}, north',{'yes' if n % 4 else 'no'}\n"
    for n in range(80)
)

KINDS = {"age": "numeric", "class": "nominal", "home port": "string", "sank": "nominal"}


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = urlsplit(self.path).path
        self.server.asked.append(path)
        status, content = self.server.answers.get(path, (412, b'{"error": {"code": "372"}}'))
        content = gzip.compress(content)
        self.send_response(status)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *parts):
        pass


@pytest.fixture
def hub(monkeypatch):
    """A server with one table, `boats`, number 7, of which there are two versions."""
    from sklearn.datasets import _openml

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as running:
        at = f"http://127.0.0.1:{running.server_port}"
        for name in ("_SEARCH_NAME", "_DATA_INFO", "_DATA_FEATURES", "_DATA_QUALITIES"):
            here = getattr(_openml, name).replace("https://www.openml.org", at)
            monkeypatch.setattr(_openml, name, here)
        monkeypatch.setitem(openml.HOW, "delay", 0.001)
        running.asked, running.answers = [], answers(at)
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def answers(at):
    features = [
        {
            "index": str(place),
            "name": name,
            "data_type": kind,
            "is_target": str(name == "sank").lower(),
            "is_ignore": "false",
            "is_row_identifier": "false",
            "number_of_missing_values": "0",
        }
        for place, (name, kind) in enumerate(KINDS.items())
    ]
    described = {
        "id": "7",
        "name": "boats",
        "version": "1",
        "description": "Boats that sank and boats that did not.",
        "format": "ARFF",
        "file_id": "70",
        "status": "active",
        "processing_date": "2020-01-01 00:00:00",
        "default_target_attribute": "sank",
        "url": f"{at}/data/v1/download/70/boats.arff",
        "md5_checksum": hashlib.md5(ARFF.encode()).hexdigest(),
    }
    versions = [{"did": 7, "name": "boats", "version": v, "status": "active"} for v in (1, 2)]
    listed = "/api/v1/json/data/list/data_name/boats/limit/2"
    found = {
        f"{listed}/status/active/": {"data": {"dataset": versions}},
        f"{listed}/data_version/2": {"data": {"dataset": versions[1:]}},
        "/api/v1/json/data/7": {"data_set_description": described},
        "/api/v1/json/data/features/7": {"data_features": {"feature": features}},
        "/api/v1/json/data/qualities/7": {"data_qualities": {"quality": []}},
    }
    known = {path: (200, json.dumps(content).encode()) for path, content in found.items()}
    return {**known, "/data/v1/download/70/boats.arff": (200, ARFF.encode())}


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def no_news(share):
    pass


def refusal(address, project):
    with pytest.raises(ApprentiError) as caught:
        addresses.fetch(address, project, no_news)
    assert all(part and "{" not in part for part in caught.value.parts())
    assert list(project.iterdir()) == []
    return caught.value


@pytest.mark.parametrize("address", ["openml:boats", "openml:boats@2", "openml:7"])
def test_a_table_is_fetched_by_name_version_or_number(hub, project, address):
    origin = addresses.fetch(address, project, no_news)
    assert sorted(path.name for path in project.iterdir()) == ["boats.csv", "sources.toml"]
    assert (origin.target, origin.categorical) == ("sank", ("class",))
    asked = len(hub.asked)
    source = open_source(DataSettings(source=address, target="sank"), project)
    assert (source.rows, source.classes, source.name) == (80, 2, "boats.csv")
    assert source.table.frame["home port"][1] == "Port 1, north"
    addresses.fetch(address, project, no_news)
    assert len(hub.asked) == asked


def test_the_target_and_the_codes_that_openml_tells_are_taken(hub, project):
    addresses.fetch("openml:boats", project, no_news)
    made = write_project(project, "openml:boats")
    data = made.choices.data
    assert (data.source, data.target, data.categorical) == ("openml:boats", "sank", ("class",))


def test_another_target_wins(hub, project):
    addresses.fetch("openml:boats", project, no_news)
    data = write_project(project, "openml:boats", "class").choices.data
    assert (data.target, data.categorical) == ("class", ())


def test_a_name_that_openml_does_not_know_is_told(hub, project):
    assert refusal("openml:ships", project).key == "openml_refused"
    assert refusal("openml:boats@9", project).key == "openml_refused"
    assert refusal("openml:8", project).key == "openml_refused"


def test_content_with_another_checksum_is_refused(hub, project):
    hub.answers["/data/v1/download/70/boats.arff"] = (200, ARFF.encode() + b"1,1,x,no\n")
    error = refusal("openml:boats", project)
    assert error.key == "openml_refused"
    assert "md5" in str(error.values["reason"])


def test_a_server_in_trouble_is_told(hub, project):
    hub.answers["/api/v1/json/data/7"] = (503, b"later")
    assert refusal("openml:7", project).key == "address_failed"


def test_answers_that_are_no_json_are_told(hub, project):
    hub.answers["/api/v1/json/data/7"] = (200, b"<html>")
    assert refusal("openml:7", project).key == "openml_refused"


@pytest.mark.slow
def test_a_hub_that_is_silent_is_given_up_and_the_default_is_as_before(project, monkeypatch):
    import socket

    from sklearn.datasets import _openml

    with socket.create_server(("127.0.0.1", 0)) as silent:
        at = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setattr(_openml, "_DATA_INFO", at + "/{}")
        with pytest.raises(ApprentiError) as caught:
            openml.fetch("openml:7", project, no_news, 0.2)
    assert caught.value.key == "address_failed"
    assert socket.getdefaulttimeout() is None
    assert list(project.iterdir()) == []


@pytest.mark.parametrize(
    "address", ["openml:", "openml:a/b", "openml:../x", "openml:a@b", "openml:@1"]
)
def test_what_names_no_table_is_told(project, address):
    assert refusal(address, project).key == "openml_wrong"
