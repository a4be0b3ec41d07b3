"""The one list of MicroPython versions, and what the wand says to any other."""

import gc
import re
from pathlib import Path

import pytest

import hal

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.req("S-12")
@pytest.mark.parametrize("version", [(1, 25, 0, ""), (1, 23, 0), (1, 30, 0, ""), (2, 0), (0, 9)])
def test_what_is_not_on_the_list_is_refused_in_one_line(version):
    line = hal.refused(version)
    assert "%d.%d" % version[:2] in line and "1.26, 1.27, 1.28, 1.29" in line
    assert "\n" not in line and "docs/flashing.md" in line


@pytest.mark.parametrize("version", [(1, 26, 1, ""), (1, 28, 0), (1, 29, 0, "preview")])
def test_what_is_on_it_is_not(version):
    assert hal.refused(version) is None


@pytest.mark.req("S-12")
@pytest.mark.parametrize("version, starts", [((1, 25, 0, ""), False), ((1, 28, 0, ""), True)])
def test_main_starts_nothing_on_another_one(version, starts):
    """main.py on a chip that is none: what it would import is written down instead."""
    seen = []

    class Sys:
        platform = "rp2"
        path = []
        modules = {}

        class implementation:
            pass

    Sys.implementation.version = version

    class Refused:
        def show():
            seen.append("light")

    class App:
        def __init__(self, board):
            seen.append("app")

        def run(self):
            pass

    class Hal:
        refused = staticmethod(hal.refused)
        open_board = staticmethod(lambda: None)

    places = {"sys": Sys, "hal": Hal, "hal.rp2": type("m", (), {"refused": Refused}),
              "firmware.app": type("m", (), {"App": App}), "gc": gc}  # fmt: skip

    def importing(name, *_):
        return places[name]

    def nothing(*_):
        raise OSError(2)  # no slots: as in a checkout

    import builtins

    inside = dict(vars(builtins), __import__=importing, open=nothing)
    code = compile((ROOT / "main.py").read_text(), "main.py", "exec")
    if starts:
        exec(code, {"__builtins__": inside})
        assert seen == ["app"]
    else:
        with pytest.raises(RuntimeError, match=re.escape("MicroPython 1.25")):
            exec(code, {"__builtins__": inside})
        assert seen == ["light"]
