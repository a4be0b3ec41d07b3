"""The cable's second tries: a wand that did not hear the first Ctrl-C, or the first offer of code.

A twin of mpremote's transport at its own signatures; the real one is in test_flash.py.
"""

import pytest
from mpremote.transport import TransportError

from ionwand.device.link import Link


class Serial:
    def __init__(self):
        self.written = b""

    def write(self, data):
        self.written += data


class Transport:
    """A wand that hears the raw REPL at call `hears`, and takes code at call `takes`."""

    def __init__(self, hears=1, takes=1):
        self.serial = Serial()
        self._hears, self._takes = hears, takes
        self.ran = []

    def enter_raw_repl(self, soft_reset=True, timeout_overall=10):
        assert soft_reset is False, "a soft reset would start main.py again"
        self._hears -= 1
        if self._hears > 0:
            raise TransportError("could not enter raw repl")

    def exec_raw(self, command, timeout=10, data_consumer=None):
        self._takes -= 1
        if self._takes > 0:
            raise TransportError("could not enter raw paste")
        self.ran.append(command)
        return b"", b""


def test_a_wand_that_was_just_starting_is_asked_again():
    transport = Transport(hears=2)
    Link(transport).quiet()
    assert transport.serial.written == b"\r\x03\x03" * 2 and len(transport.ran) == 1


def test_one_that_never_hears_is_asked_twice():
    transport = Transport(hears=99)
    with pytest.raises(TransportError, match="raw repl"):
        Link(transport).quiet()
    assert transport.serial.written == b"\r\x03\x03" * 2 and transport.ran == []


def test_code_that_was_not_taken_runs_once():
    transport = Transport(takes=2)
    Link(transport).run("x = 1")
    assert transport.ran == ["x = 1"]


def test_code_that_is_never_taken_never_runs():
    transport = Transport(takes=99)
    with pytest.raises(TransportError, match="raw paste"):
        Link(transport).run("x = 1")
    assert transport.ran == []
