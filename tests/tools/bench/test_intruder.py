"""Another program on the port: it is named, the wand is taken back, and it is started again."""

import subprocess
import sys

import pytest
from bench_wand import BenchWand
from mpremote.transport import TransportError

from ionwand.device import intruder, link
from ionwand.device.pty_board import MICROPYTHON

pytestmark = [
    pytest.mark.pty,
    pytest.mark.skipif(MICROPYTHON is None, reason="MicroPython Unix port not installed"),
]


@pytest.fixture
def wand(tmp_path):
    wand = BenchWand(tmp_path, 5)
    with wand.running():
        yield wand


def typing(wand, text, monkeypatch, at):
    """`text` goes to the port at that call of exec_raw, as another program's does."""
    from mpremote.transport_serial import SerialTransport

    exec_raw, calls = SerialTransport.exec_raw, [0]

    def disturbed(self, command, timeout=10, data_consumer=None):
        calls[0] += 1
        if at(calls[0]):
            with open(wand.board.port, "wb", buffering=0) as other:
                other.write(text)
        return exec_raw(self, command, timeout, data_consumer)

    monkeypatch.setattr(SerialTransport, "exec_raw", disturbed)


@pytest.mark.req("F-13", "S-12")
@pytest.mark.parametrize("text", [b"AT\r", b"AT\r\n", b"AT+CGMI\r", b"help()\r\n"])
@pytest.mark.parametrize("call", [2, 3, 5])
def test_it_is_told_and_the_wand_runs_again(wand, monkeypatch, text, call):
    typing(wand, text, monkeypatch, lambda number: number == call)
    said = wand.call("status", fixture=False)
    assert "Traceback" not in said.output and said.stderr.count("\n") <= 1, said.output
    assert said.exit_code == 1  # calibration is missing, or it was given up
    if "another program types there" not in said.stderr:
        assert "57414e4430303035" in said.stdout  # nothing was lost by it
    monkeypatch.undo()
    assert wand.call("status", fixture=False).stdout.count("57414e4430303035") == 1


@pytest.mark.req("F-13", "S-12")
def test_one_that_never_stops_leaves_the_wand_started(wand, monkeypatch):
    typing(wand, b"AT\r", monkeypatch, lambda number: 2 < number < 9)
    said = wand.call("status", fixture=False)
    assert said.exit_code == 1 and said.stderr.count("another program types there") >= 1
    assert "Traceback" not in said.output
    monkeypatch.undo()
    assert "57414e4430303035" in wand.call("status", fixture=False).stdout


@pytest.mark.req("F-13")
def test_a_command_that_fails_leaves_the_wand_started(wand):
    boots = wand.board.boots
    with pytest.raises(ZeroDivisionError), link.connect(wand.board.port):
        raise ZeroDivisionError
    wand.board.wait_until_still(boots + 1)


@pytest.mark.req("F-13")
def test_who_holds_it_is_named(wand, tmp_path):
    code = f"import time; held = open({wand.board.port!r}, 'rb+', buffering=0); print(1, flush=1);"
    other = subprocess.Popen([sys.executable, "-c", code + "time.sleep(60)"],
                             stdout=subprocess.PIPE)  # fmt: skip
    try:
        other.stdout.readline()
        line = intruder.words(wand.board.port)
        assert f"(pid {other.pid})" in line and "\n" not in line
    finally:
        other.kill()
        other.wait()
    assert "modem manager" in intruder.words("/dev/none")


@pytest.mark.parametrize(
    ("error", "code", "found"),
    [
        ("Traceback\nSyntaxError: invalid syntax", "x = 1", True),
        ("Traceback\nIndentationError: unexpected indent", "x = 1", True),
        ("Traceback\nNameError: name 'AT' isn't defined", "x = 1", True),
        ("Traceback\nNameError: name 'x' isn't defined", "x = 1", False),
        ("Traceback\nValueError: no", "x = 1", False),
        ("", "x = 1", False),
    ],
)
def test_what_was_not_ours(error, code, found):
    assert intruder.typed(error, code) is found
    assert intruder.confused(TransportError("could not enter raw repl"))
    assert not intruder.confused(TransportError("timeout waiting for first EOF reception"))
