"""What a wand can be asked at the end of a cable: is it off, is it whole, does it compute right?

Every question is answered by the firmware on it, with its own interpreter; no current flows.
"""

import guard_passes
import pytest


@pytest.mark.req("S-12")
def test_it_is_off_after_an_interrupt(wand):
    assert wand.ask("(board.gate(), board.read_dac())") == (False, 0)


@pytest.mark.req("S-15")
def test_its_files_are_as_built(wand):
    assert wand.ask("__import__('hal.manifest').manifest.check(sys.path[0])") is None
    assert wand.ask("board.check_files()") is None


@pytest.mark.req("F-13")
def test_its_console_is_there(wand):
    """A module that the wand itself never asks for, found in the slot in use."""
    assert "firmware.console" in wand.ask("__import__('firmware.console').console.__name__")


@pytest.mark.req("S-02", "P-03")
def test_its_guard_feeds_and_trips_with_the_heap_locked(wand):
    assert wand.run(guard_passes.source(200)).strip() == "(200, 0, True)"


@pytest.mark.req("F-01")
@pytest.mark.parametrize("product, roller", [("vitamin-c", "-"), ("arginine", "+")])
def test_its_roller_has_the_sign_that_pushes(wand, product, roller):
    wand.run("from firmware.products import DEFAULT as _catalogue")
    code = f"[entry.electrodes()[3] for entry in _catalogue if entry.id == {product!r}]"
    # Bridge 1: return electrode +, roller -; bridge 2 the other way round.
    assert wand.ask(code) == [{"-": 1, "+": 2}[roller]]


@pytest.mark.req("S-13")
def test_a_record_survives_being_written_and_read(wand):
    wand.run("board.write('devicetest', b'\\x00\\xff' * 40)")
    assert wand.ask("board.read('devicetest')") == b"\x00\xff" * 40
    if wand.ask("sys.platform") == "rp2":
        wand.run("os.remove('/records/devicetest')")


@pytest.mark.req("P-08")
def test_it_has_room_left(wand):
    wand.run("import gc; gc.collect()")
    assert wand.ask("gc.mem_free()") >= 120 * 1024


def test_its_bytecode_fits_its_interpreter(wand):
    assert wand.ask("sys.implementation._mpy & 0x3FF") == 3 << 8 | 6
