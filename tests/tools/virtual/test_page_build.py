"""Building and serving the page, and what is said where that can't be done."""

import shutil
import threading
import urllib.request

import pytest

from firmware import treatment
from firmware.session import STATES
from hal.sim import faults as sim_faults
from ionwand.errors import BadInput
from ionwand.virtual import bundle, virtual


def test_sources_are_the_wands_own_without_machine_code():
    files = bundle.sources()
    ours = {"/wand/firmware/app.py", "/wand/hal/sim/board.py", "/wand/wand_on_page.py"}
    assert ours <= set(files)
    assert not any("rp2" in name for name in files)
    for text in files.values():
        for line in text.splitlines():
            assert not line.strip().startswith("@micropython."), line


def test_every_fault_and_end_has_words_on_the_page():
    words = (bundle.PAGE / "words.js").read_text(encoding="utf-8")
    for name in (*sim_faults.NAMES, *filter(None, treatment.ENDS), *STATES):
        assert f"{name}: " in words, name


def test_scripts_cannot_end_their_element():
    assert "</script" not in bundle._inline("a </script> b")
    assert "<" not in bundle._json({"a": "</script><!--"})


def test_npm_missing_is_one_line(monkeypatch, tmp_path):
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(bundle, "PAGE", tmp_path)
    monkeypatch.setattr(bundle, "MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(BadInput, match="npm is missing"):
        bundle.fetch()


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
