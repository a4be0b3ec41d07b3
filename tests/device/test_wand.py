"""What a wand can be asked at the end of a cable: is it off, is it whole, does it compute right?

Every question is answered by the firmware on it, with its own interpreter; no current flows.
"""

import pytest

GUARD = """
import micropython
from array import array
from firmware import guard
samples = array("H", [620, 1546, 2000, 1500] * 4)
request = array("i", [0] * guard.RQ_SIZE)
snapshot = array("i", [0] * guard.SN_SIZE)
snapshot[guard.SN_DT_US] = 500
request[guard.RQ_ARM] = 1
guard.guard_pass(samples, request, snapshot)
request[guard.RQ_OUTPUT] = 1
request[guard.RQ_SETPOINT_UA] = 250
request[guard.RQ_BRIDGE] = 1
request[guard.RQ_LOAD_MV] = 5000
request[guard.RQ_PRECISE_A_UA] = 249
good = i = 0
micropython.heap_lock()
for i in range(200):
    request[guard.RQ_HEARTBEAT] = i
    request[guard.RQ_FRAME] = i
    good += guard.guard_pass(samples, request, snapshot)
samples[0] = samples[4] = samples[8] = samples[12] = 4095
bad = guard.guard_pass(samples, request, snapshot)
micropython.heap_unlock()
print((good, bad, snapshot[guard.SN_TRIPS] != 0))
"""


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
    assert wand.run(GUARD).strip() == "(200, 0, True)"


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
