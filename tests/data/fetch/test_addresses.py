"""Addresses as sources: fetched once from a server of our own, kept with a checksum."""

import contextlib
import io
import socket
import threading
import time
import zipfile

import numpy as np
import pytest
from PIL import Image

from apprenti.cli import main
from apprenti.data.fetch import addresses, archives, origin, web
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.new.template import create
from apprenti.project import DataSettings, load
from apprenti.train.plan import plan

TABLE = "size,kind\n" + "".join(f"{n / 7:.3f},{'cat' if n % 3 else 'dog'}\n" for n in range(60))


@pytest.fixture
def server(server):
    server.files["/pets.csv"] = TABLE.encode()
    return server


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def no_news(share):
    pass


def left(folder):
    return sorted(path.name for path in folder.iterdir())


def refusal(call, *arguments):
    with pytest.raises(ApprentiError) as caught:
        call(*arguments)
    assert all(part and "{" not in part for part in caught.value.parts())
    return caught.value


def refused(address, project):
    """Return the key of the refusal, after which nothing may be left."""
    error = refusal(addresses.fetch, address, project, no_news)
    assert left(project) == []
    return error.key


def opened(address, project, **settings):
    return open_source(DataSettings(source=address, **settings), project)


# ---- Once, and never again


def test_a_table_is_fetched_once_and_read_from_the_disk_ever_after(server, project):
    address, heard = f"{server.at}/pets.csv", []
    addresses.fetch(address, project, heard.append)
    assert left(project) == ["pets.csv", "sources.toml"]
    assert (project / "pets.csv").read_bytes() == TABLE.encode()
    assert heard[-1] == 1.0
    for _ in range(2):
        source = opened(address, project, target="kind")
        addresses.fetch(address, project, no_news)
    assert (source.kind, source.name, source.rows) == ("csv_table", "pets.csv", 60)
    assert server.asked == ["/pets.csv"]


def test_what_was_never_fetched_is_not_fetched_in_silence(server, project):
    assert refusal(opened, f"{server.at}/pets.csv", project).key == "not_downloaded"
    assert server.asked == []


def test_sources_toml_says_where_each_file_came_from_and_what_it_was(server, project):
    server.files["/more.npz"] = npz()
    for name in ("pets.csv", "more.npz"):
        addresses.fetch(f"{server.at}/{name}", project, no_news)
    text = (project / "sources.toml").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert text.count("downloaded = ") == 2
    pets, more = origin.read(project)
    assert (pets.name, pets.address) == ("pets.csv", f"{server.at}/pets.csv")
    assert (pets.bytes, pets.sha256) == (len(TABLE), origin.content(project / "pets.csv"))
    assert more.name == "more.npz"


def npz():
    content = io.BytesIO()
    np.savez(content, x=np.arange(80.0).reshape(20, 4), y=np.arange(20) % 2)
    return content.getvalue()


def test_an_npz_and_a_parquet_file_are_sources_too(server, project, tmp_path):
    import pandas as pd

    pd.read_csv(io.StringIO(TABLE)).to_parquet(tmp_path / "x.parquet")
    server.files["/a.npz"] = npz()
    server.files["/b.parquet"] = (tmp_path / "x.parquet").read_bytes()
    for name in ("a.npz", "b.parquet"):
        addresses.fetch(f"{server.at}/{name}", project, no_news)
    assert opened(f"{server.at}/a.npz", project).kind == "arrays"
    assert opened(f"{server.at}/b.parquet", project, target="kind").kind == "parquet_table"


def test_a_file_that_has_changed_is_told(server, project):
    address = f"{server.at}/pets.csv"
    addresses.fetch(address, project, no_news)
    (project / "pets.csv").write_text(TABLE + "9,cat\n")
    assert refusal(opened, address, project).key == "download_changed"
    assert refusal(addresses.fetch, address, project, no_news).key == "download_changed"


def test_a_file_that_is_gone_is_told_and_fetched_again_on_demand(server, project):
    address = f"{server.at}/pets.csv"
    addresses.fetch(address, project, no_news)
    (project / "pets.csv").unlink()
    assert refusal(opened, address, project).key == "download_gone"
    addresses.fetch(address, project, no_news)
    assert opened(address, project, target="kind").rows == 60


def test_other_content_at_the_same_address_is_told_and_not_kept(server, project):
    address = f"{server.at}/pets.csv"
    addresses.fetch(address, project, no_news)
    (project / "pets.csv").unlink()
    server.files["/pets.csv"] += b"9,cat\n"
    assert refusal(addresses.fetch, address, project, no_news).key == "download_differs"
    assert left(project) == ["sources.toml"]


@pytest.mark.parametrize("name", ["../../x.csv", "/etc/passwd", "..", "a/b.csv"])
def test_an_entry_that_leads_out_of_the_project_is_refused(project, name):
    entry = f'["{name}"]\naddress = "http://a/x.csv"\nsha256 = "0"\nbytes = 1\n'
    (project / "sources.toml").write_text(entry)
    assert refusal(opened, "http://a/x.csv", project).key == "sources_wrong"


@pytest.mark.parametrize("text", ["not toml", '["a.csv"]\nbytes = 1\n', "a = 1\n"])
def test_a_damaged_sources_toml_is_told(project, text):
    (project / "sources.toml").write_text(text)
    assert refusal(opened, "http://a/x.csv", project).key in ("not_toml", "sources_wrong")


# ---- Commands


def apprenti(*words, status=0):
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    assert left.value.code == status


def test_a_project_on_an_address_trains_without_the_network(server, tmp_path, train):
    folder, address = tmp_path / "pets", f"{server.at}/pets.csv"
    apprenti("new", folder, "--data", address, "--target", "kind", "--download")
    assert f'source = "{address}"' in (folder / "apprenti.toml").read_text(encoding="utf-8")
    server.files.clear()
    project = load(folder, {"train.framework": "sklearn", "model.kind": "linear"})
    run = train(project)
    assert run.status == "finished"
    assert 'data: str = "pets.csv"' in run.script.read_text(encoding="utf-8")
    assert server.asked == ["/pets.csv"]


def test_new_without_download_uses_no_network_and_says_how(server, tmp_path, capsys):
    folder = tmp_path / "pets"
    apprenti("new", folder, "--data", f"{server.at}/pets.csv", "--target", "kind", status=1)
    assert "--download" in capsys.readouterr().err
    assert server.asked == []
    assert not folder.exists()


def test_after_a_forgotten_target_nothing_is_fetched_twice(server, tmp_path):
    folder, address = tmp_path / "pets", f"{server.at}/pets.csv"
    apprenti("new", folder, "--data", address, "--download", status=1)
    apprenti("new", folder, "--data", address, "--target", "kind")
    assert server.asked == ["/pets.csv"]


def test_data_downloads_what_a_project_names_by_hand(server, make_project, capsys):
    made = make_project(f"{server.at}/pets.csv", target="kind")
    apprenti("data", "--project", made.folder, status=1)
    apprenti("data", "--project", made.folder, "--download", "--no-picture")
    said = capsys.readouterr()
    assert "sources.toml" in said.err
    assert "http" in said.err
    assert server.asked == ["/pets.csv"]
    assert plan(made).source.name == "pets.csv"


def test_a_failed_download_leaves_no_folder(server, tmp_path):
    apprenti("new", tmp_path / "a" / "b", "--data", f"{server.at}/no.csv", "--download", status=1)
    assert left(tmp_path) == []


# ---- What goes wrong on the way


def test_a_page_that_is_not_there_is_told_with_its_number(server, project):
    error = refusal(addresses.fetch, f"{server.at}/no.csv", project, no_news)
    assert (error.key, error.values["reason"]) == ("address_failed", "404 Not Found")


def test_a_download_cut_short_leaves_nothing(server, project):
    server.cut = True
    assert refused(f"{server.at}/pets.csv", project) == "address_failed"


def test_ctrl_c_leaves_nothing(server, project):
    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        addresses.fetch(f"{server.at}/pets.csv", project, stop)
    assert left(project) == []


def test_a_silent_server_is_given_up(project):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        address, start = f"http://127.0.0.1:{silent.getsockname()[1]}/x.csv", time.monotonic()
        assert refusal(web.fetch, address, project, no_news, 0.3).key == "address_failed"
    assert time.monotonic() - start < 5
    assert left(project) == []


def test_a_server_that_is_not_there_is_told(project):
    assert refused("http://127.0.0.1:9/x.csv", project) == "address_failed"


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "text/html"}])
def test_a_page_in_place_of_a_table_is_told(server, project, headers):
    server.files["/x.csv"] = (headers, b"\n<!DOCTYPE html><html>Log in</html>")
    assert refused(f"{server.at}/x.csv", project) == "address_is_page"


def test_an_empty_answer_is_told(server, project):
    server.files["/x.csv"] = b""
    assert refused(f"{server.at}/x.csv", project) == "empty_file"


@pytest.mark.parametrize("announced", [True, False])
def test_more_than_the_limit_is_refused_announced_or_not(server, project, monkeypatch, announced):
    monkeypatch.setattr(web, "MOST_BYTES", 1000)
    headers = {} if announced else {"Content-Length": None, "Connection": "close"}
    server.files["/x.csv"] = (headers, b"1,2\n" * 1000)
    assert refused(f"{server.at}/x.csv", project) == "address_too_large"


def test_a_full_disk_is_told_before_it_is_full(server, project, monkeypatch):
    usage = type("Usage", (), {"free": 10})
    monkeypatch.setattr(web.shutil, "disk_usage", lambda path: usage)
    assert refused(f"{server.at}/pets.csv", project) == "cannot_write"


def test_a_file_whose_origin_cannot_be_noted_is_not_kept(server, project, monkeypatch):
    def full(path, text):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(origin, "write_text", full)
    assert refused(f"{server.at}/pets.csv", project) == "cannot_write"


def test_a_file_that_is_there_already_is_not_overwritten(server, project):
    (project / "pets.csv").write_text("mine")
    error = refusal(addresses.fetch, f"{server.at}/pets.csv", project, no_news)
    assert error.key == "file_exists"
    assert (project / "pets.csv").read_text() == "mine"


# ---- Hostile answers


def test_a_redirect_to_another_address_is_followed(server, project):
    server.files["/moved.csv"] = ({"Location": "/pets.csv"}, b"")
    assert addresses.fetch(f"{server.at}/moved.csv", project, no_news).name == "moved.csv"
    assert (project / "moved.csv").read_bytes() == TABLE.encode()


@pytest.mark.parametrize("where", ["file:///etc/passwd", "ftp://127.0.0.1/x.csv", "data:,a"])
def test_a_redirect_to_a_file_of_this_machine_is_refused(server, project, where):
    server.files["/x.csv"] = ({"Location": where}, b"")
    assert refused(f"{server.at}/x.csv", project) == "address_failed"


def test_redirects_in_a_circle_end(server, project):
    server.files["/x.csv"] = ({"Location": "/x.csv"}, b"")
    assert refused(f"{server.at}/x.csv", project) == "address_failed"


def test_from_https_back_to_http_is_refused():
    request = web.urllib.request.Request("https://a/x.csv")
    follow = web.Redirects().redirect_request
    answer = io.BytesIO()
    assert refusal(follow, request, answer, 302, "", {}, "http://a/x.csv").key == "download_unsafe"
    assert follow(request, answer, 302, "", {}, "https://b/x.csv").full_url == "https://b/x.csv"


@pytest.mark.parametrize("where", ["http://[", "http://x:99999999/", "http://a b/", "//"])
def test_a_redirect_to_what_is_no_address_is_told(server, project, where):
    server.files["/x.csv"] = ({"Location": where}, b"")
    assert refused(f"{server.at}/x.csv", project) == "address_failed"


def test_an_address_in_capitals_does_not_lead_back_to_http():
    request = web.urllib.request.Request("HTTPS://a/x.csv")
    error = refusal(
        web.Redirects().redirect_request, request, io.BytesIO(), 302, "", {}, "http://a/x.csv"
    )
    assert error.key == "download_unsafe"


def test_a_part_of_a_file_is_not_taken_for_the_whole(server, project):
    server.files["/x.csv"] = ({"Status": "206"}, TABLE.encode()[:90])
    assert refused(f"{server.at}/x.csv", project) == "address_failed"


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\n"])
def test_a_server_that_sends_a_byte_now_and_then_is_given_up(project, monkeypatch, sent):
    def dribble():
        asking, _ = slow.accept()
        with asking, contextlib.suppress(OSError):
            asking.recv(1000)
            asking.sendall(sent)
            while not given_up.wait(0.05):
                asking.sendall(b"x")

    monkeypatch.setattr(web, "PATIENCE", 0.3)
    given_up = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as slow:
        thread = threading.Thread(target=dribble)
        thread.start()
        address = f"http://127.0.0.1:{slow.getsockname()[1]}/x.csv"
        assert refused(address, project) == "address_slow"
        given_up.set()
        thread.join()


@pytest.mark.parametrize("name", ["runs.zip", "apprenti.toml.zip", "Data.JSON.zip"])
def test_an_archive_does_not_take_the_name_of_a_file_of_the_project(server, project, name):
    server.files[f"/{name}"] = pets()
    found = addresses.fetch(f"{server.at}/{name}", project, no_news)
    assert found.name == f"_{name.removesuffix('.zip')}"


def test_a_token_is_not_written_into_the_project(server, project):
    address = f"{server.at}/pets.csv?version=2&access_token=open-sesame&sig=abracadabra"
    server.files["/pets.csv?version=2&access_token=open-sesame&sig=abracadabra"] = TABLE.encode()
    addresses.fetch(address, project, no_news)
    create(project, address, "kind")
    written = "".join(path.read_text("utf-8") for path in project.glob("*.toml"))
    assert "sesame" not in written and "abracadabra" not in written and "version=2" in written
    assert load(project).choices.data.source.endswith("access_token=***&sig=***")
    assert opened(load(project).choices.data.source, project, target="kind").rows == 60


def test_two_who_fetch_at_once_leave_one_whole_file(server, project):
    ends = []

    def fetch():
        try:
            ends.append(addresses.fetch(f"{server.at}/pets.csv", project, no_news).name)
        except ApprentiError as error:
            ends.append(error.key)

    threads = [threading.Thread(target=fetch) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(ends) <= {"pets.csv", "file_exists"} and "pets.csv" in ends
    assert left(project) == ["pets.csv", "sources.toml"]
    assert (project / "pets.csv").read_bytes() == TABLE.encode()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/a%2F..%2F..%2Fevil.csv", "evil.csv"),
        ("/..%5C..%5Cevil.csv", "evil.csv"),
        ("/.hidden.csv", "hidden.csv"),
        ("/con.csv", "_con.csv"),
        ("/a%00b%0A.CSV", "a_b_.csv"),
        ("/%C3%A9t%C3%A9.csv", "été.csv"),
        ("/x.csv?token=1", "x.csv"),
    ],
)
def test_the_name_of_the_file_leads_nowhere_else(server, project, path, name):
    server.files[path] = TABLE.encode()
    assert addresses.fetch(server.at + path, project, no_news).name == name
    assert left(project) == sorted([name, "sources.toml"])


def test_an_address_without_a_name_takes_its_ending_from_the_server(server, project):
    server.files["/get?id=3"] = ({"Content-Type": "text/csv; charset=utf-8"}, TABLE.encode())
    assert addresses.fetch(f"{server.at}/get?id=3", project, no_news).name == "get.csv"
    server.files["/get?id=4"] = ({"Content-Type": "application/x-thing"}, b"x")
    assert refusal(addresses.fetch, f"{server.at}/get?id=4", project, no_news).key == (
        "address_unknown"
    )


@pytest.mark.parametrize(
    "address",
    ["http://", "http:///x.csv", "http://a b/x.csv", "http://a:99999/x.csv", "http://é/x"],
)
def test_what_is_no_address_is_told(project, address):
    assert refused(address, project) == "address_wrong"


def test_a_password_is_not_written_into_the_project(project):
    error = refusal(addresses.fetch, "https://me:secret@127.0.0.1/x.csv", project, no_news)
    assert error.key == "address_secret"
    assert "secret" not in str(error)


# ---- Archives


def picture(shade):
    content = io.BytesIO()
    Image.new("L", (5, 4), shade).save(content, "PNG")
    return content.getvalue()


def pets(*more, around="pets/"):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(8):
            archive.writestr(
                f"{around}{'cat' if number % 2 else 'dog'}/{number}.png", picture(number)
            )
        archive.writestr(f"{around}README.txt", "text")
        archive.writestr("__MACOSX/pets/cat/._1.png", "x")
        for name, inside in more:
            archive.writestr(name, inside)
    return content.getvalue()


@pytest.mark.parametrize("around", ["pets/", "", "a/b/"])
def test_an_archive_of_images_becomes_a_folder_of_classes(server, project, around):
    server.files["/pets.zip"] = pets(around=around)
    address = f"{server.at}/pets.zip"
    addresses.fetch(address, project, no_news)
    assert left(project) == ["pets", "sources.toml"]
    source = opened(address, project)
    assert (source.kind, source.name, source.rows, source.classes) == ("image_folder", "pets", 8, 2)
    (project / "pets" / "cat" / "1.png").write_bytes(picture(99))
    assert refusal(opened, address, project).key == "download_changed"


@pytest.mark.parametrize("name", ["../evil.png", "/evil.png", "a/../../evil.png", "c:\\evil.png"])
def test_an_archive_that_climbs_out_is_not_unpacked(server, project, name):
    server.files["/pets.zip"] = pets((name, picture(0)))
    assert refused(f"{server.at}/pets.zip", project) == "zip_outside"
    assert not list(project.parent.rglob("evil*"))


def test_an_archive_that_unfolds_beyond_the_limit_is_refused(server, project, monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 100_000)
    server.files["/pets.zip"] = pets(("cat/bomb.png", bytes(10**6)))
    assert refused(f"{server.at}/pets.zip", project) == "zip_too_large"


def test_a_damaged_archive_and_one_without_images_are_refused(server, project):
    server.files["/pets.zip"] = pets()[:-30]
    assert refused(f"{server.at}/pets.zip", project) == "damaged_zip"
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("a.txt", "x")
    server.files["/pets.zip"] = empty.getvalue()
    assert refused(f"{server.at}/pets.zip", project) == "zip_without_images"
