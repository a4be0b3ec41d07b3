"""Building and serving the page, and what is said where that can't be done."""

import shutil
import threading
import urllib.request

import pytest

from ionwand import page, virtual
from ionwand.errors import BadInput


def test_sources_are_the_wands_own_without_machine_code():
    files = page.sources()
    assert {"/wand/firmware/app.py", "/wand/hal/sim/board.py", "/wand/wand.py"} <= set(files)
    assert not any("rp2" in name for name in files)
    for text in files.values():
        for line in text.splitlines():
            assert not line.strip().startswith("@micropython."), line


def test_scripts_cannot_end_their_element():
    assert "</script" not in page._inline("a </script> b")
    assert "<" not in page._json({"a": "</script><!--"})


def test_npm_missing_is_one_line(monkeypatch, tmp_path):
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(page, "VIRTUAL", tmp_path)
    monkeypatch.setattr(page, "MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(BadInput, match="npm is missing"):
        page.fetch()


def test_served_to_this_machine(tmp_path):
    html = tmp_path / "page.html"
    html.write_text("<p>wand</p>")
    with virtual.server(html, 0) as server:
        host, port = server.server_address[:2]
        assert host == "127.0.0.1"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
            assert answer.read() == b"<p>wand</p>"
        with pytest.raises(BadInput, match="cannot be used"):
            virtual.server(html, port)
        server.shutdown()
