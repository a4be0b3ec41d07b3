"""`mpremote mip install`, the real one, onto wands with and without slots; and what is in mip/."""

import hashlib
import http.server
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import standin

from ionwand.device import pty_board, source
from ionwand.release import build as builder
from ionwand.release import package


def on_a_wand(test):
    needs = pytest.mark.skipif(
        pty_board.MICROPYTHON is None, reason="MicroPython's Unix port is not installed"
    )
    return pytest.mark.pty(needs(test))


UNITTEST = b"# stands in for micropython-lib's\n"


class _Index(http.server.BaseHTTPRequestHandler):
    """As much of micropython.org/pi/v2 as one package needs [mip]."""

    def do_GET(self):
        digest = hashlib.sha256(UNITTEST).hexdigest()[:8]
        answers = {
            "/package/6/unittest/latest.json": json.dumps(
                {"hashes": [["unittest/__init__.py", digest]]}
            ).encode(),
            f"/file/{digest[:2]}/{digest}": UNITTEST,
        }
        body = answers.get(self.path)
        self.send_response(200 if body else 404)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def index():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def install(folder, repository, index):
    """`lib` for `/lib`: the Unix port's root is not the wand's."""
    with pty_board.PtyBoard(folder) as board:
        board.wait_for(pty_board.PROMPT)
        done = subprocess.run(
            [sys.executable, "-m", "mpremote", "connect", board.port, "resume", "mip", "install",
             "--target", "lib", "--index", index, str(repository / "package.json")],
            capture_output=True, text=True,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def start(folder):
    """What the firmware in this folder says when the power comes."""
    done = subprocess.run(
        [pty_board.MICROPYTHON, "main.py"], cwd=folder, capture_output=True, text=True
    )
    return (done.stdout + done.stderr).strip()


@pytest.fixture
def repository(root, tmp_path):
    """Version 2, with another loader."""
    package.write(standin.make(root, 2, "# another loader\n"), tmp_path / "repository")
    return tmp_path / "repository"


@pytest.mark.parametrize("slot", ["a", "b", None])
@pytest.mark.req("S-15")
@on_a_wand
def test_mip_puts_it_into_use_whatever_was_there(slot, root, repository, tmp_path, index):
    wand = tmp_path / "wand"
    wand.mkdir()
    if slot:
        standin.put(standin.make(root, 1), wand, slot)
        assert start(wand) == standin.started(1)
    else:
        (wand / "main.py").write_text("")  # MicroPython and nothing else
    install(wand, repository, index)
    assert start(wand) == standin.started(2)
    assert (wand / "lib/unittest/__init__.py").read_bytes() == UNITTEST
    if slot:  # the other firmware has not been touched
        (wand / "slot").write_text(slot)
        assert start(wand) == standin.started(1)


@pytest.mark.req("S-15")
@on_a_wand
def test_a_mip_that_is_cut_leaves_the_old_firmware(root, repository, tmp_path, index):
    """Files, manifest, loader, pointer, in this order: at each step but the last the old one."""
    path = repository / "package.json"
    whole = json.loads(path.read_text())
    wand = tmp_path / "wand"
    wand.mkdir()
    standin.put(standin.make(root, 1), wand)
    count = len(whole["urls"])
    for sent in (1, count - 4, count - 3, count - 2, count - 1):
        path.write_text(json.dumps({**whole, "urls": whole["urls"][:sent], "deps": []}))
        install(wand, repository, index)
        assert start(wand) == standin.started(1), whole["urls"][sent - 1]
    path.write_text(json.dumps(whole))
    install(wand, repository, index)
    assert start(wand) == standin.started(2)


def test_what_the_repository_offers_is_one_whole_build_for_the_chip():
    """As `python -m ionwand.release.package` wrote it; how old it is a release says."""
    said = json.loads((source.ROOT / "package.json").read_text())
    folder = source.ROOT / package.SLOT
    manifest = json.loads((folder / builder.MANIFEST).read_text())
    assert said["version"] == manifest["version"] == builder.version()
    assert manifest["arch"] == "armv6m" and manifest["mpy"] == builder.FORMAT
    assert said["deps"] == package.DEPENDENCIES
    files = {name: (folder / name).read_bytes() for name in manifest["files"]}
    for name, (digest, size, _) in manifest["files"].items():
        assert (hashlib.sha256(files[name]).hexdigest(), len(files[name])) == (digest, size)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there == {*files, builder.MANIFEST, package.POINTER}
    build = builder.assemble(files, manifest["version"], "armv6m")
    assert package.contents(build)[builder.PACKAGE] == (source.ROOT / "package.json").read_bytes()
    assert Path(said["urls"][-1][0]).name == package.POINTER
    assert (folder / package.POINTER).read_text() == package.SLOT


def test_what_is_frozen_is_what_is_built(monkeypatch):
    """tools/freeze/manifest.py, run as MicroPython's build does, up to the list of files."""
    included, frozen = [], []

    def include(manifest_path, **kwargs):
        included.append(manifest_path)

    def module(module_path, base_path=".", opt=None):
        assert (Path(base_path) / module_path).is_file()
        frozen.append(module_path)

    manifest = source.ROOT / "tools" / "freeze" / "manifest.py"
    monkeypatch.chdir(manifest.parent)  # paths are relative to the manifest
    exec(manifest.read_text(), {"include": include, "module": module})
    assert included == ["$(PORT_DIR)/boards/manifest.py"]
    assert sorted(frozen) == sorted([*builder.LOADER, *builder.sources(source.ROOT, "armv6m")])
