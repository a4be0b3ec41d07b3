"""What the page carries of the host runs on MicroPython; what a wand prints is read, never run."""

import shutil
import subprocess

import literal
import pytest

from ionwand import virtual
from ionwand.device import pty_board, source
from ionwand.virtual import carried

pytestmark = pytest.mark.skipif(
    pty_board.MICROPYTHON is None, reason="MicroPython's Unix port is not installed"
)


def test_host_modules_run_on_micropython(tmp_path):
    """As the page lays them out. Chromium's is the same language, and slower to try."""
    for name, text in carried.files().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for name in ("desk", "literal", "parcel"):
        shutil.copy(virtual.GUEST / f"{name}.py", tmp_path)
    code = f"import sys\nsys.path[:0] = [{str(tmp_path)!r}, {str(source.ROOT)!r}]\nimport desk\n"
    done = subprocess.run(
        [pty_board.MICROPYTHON, "-c", code + "print('whole')"], capture_output=True, text=True
    )
    assert done.stdout.strip() == "whole", done.stderr


@pytest.mark.parametrize(
    "value",
    (None, True, -7, 0, "", "ä\n\\'\"", b"\x00\xff'", [], (), (1,), [1, [2, (3, "x")]],
     {"a": b"b", 1: None}, "\u2028"),
)  # fmt: skip
def test_what_a_wand_prints_is_read(value):
    assert literal.read(f" {value!r}\r\n") == value


@pytest.mark.parametrize(
    "text",
    ("", "x", "__import__('os')", "1 2", "[1", "'a", "b'\\q'", "{1}", "1.5", "[" * 20, "--1"),
)
def test_nothing_else_is_read_and_nothing_is_run(text):
    with pytest.raises(ValueError):
        literal.read(text)
