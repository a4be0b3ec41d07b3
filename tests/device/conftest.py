"""One wand, several targets: the Unix port behind a PTY always, another one by --device PORT.

`make device-test PORT=/dev/ttyACM0`; for an emulated one `ionwand emulate --pty` names its port.
"""

import pytest
import standin

from ionwand.device import link as cable
from ionwand.device import pty_board
from ionwand.release import build as builder


def pytest_addoption(parser):
    parser.addoption("--device", metavar="PORT", help="a wand's serial port")


@pytest.fixture(
    scope="session", params=[pytest.param("unix port", marks=pytest.mark.pty), "device"]
)
def wand(request, root, tmp_path_factory):
    """An open ionwand.link.Link; the program interrupted, the output off."""
    if request.param == "device":
        port = request.config.getoption("--device", default=None)
        if port is None:
            pytest.skip("no wand: make device-test PORT=...")
        with cable.connect(port) as link:
            yield link
        return
    if pty_board.MICROPYTHON is None:
        pytest.skip("MicroPython's Unix port is not installed")
    folder = tmp_path_factory.mktemp("wand")
    standin.put(builder.make(root, arch="x64"), folder)
    with pty_board.PtyBoard(folder, pty_board.PATIENT) as board:
        board.wait_until_still()
        with cable.connect(board.port) as link:
            yield link
