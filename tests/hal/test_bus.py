"""The simulated bus and the twins themselves: machine.I2C's manners, errors on order, bytes.

Each twin must answer alike whether it is driven by whole transactions (SimI2C) or byte by byte
(the RP2040 emulator).
"""

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st
from i2c_bench import Clock

from hal.sim.ad5693r_twin import Ad5693rTwin
from hal.sim.ads1115_twin import Ads1115Twin
from hal.sim.bus import EIO, ETIMEDOUT, SimI2C
from hal.sim.mcp4725_twin import Mcp4725Twin

CALLS = (
    lambda bus: bus.writeto(0x48, b"\x00"),
    lambda bus: bus.readfrom(0x48, 2),
    lambda bus: bus.readfrom_into(0x48, bytearray(2)),
    lambda bus: bus.writevto(0x48, (b"\x01", b"\x85\x83")),
    lambda bus: bus.readfrom_mem(0x48, 1, 2),
    lambda bus: bus.readfrom_mem_into(0x48, 1, bytearray(2)),
    lambda bus: bus.writeto_mem(0x48, 1, b"\x85\x83"),
)


def twins():
    clock = Clock()
    return (
        Ad5693rTwin(),
        Mcp4725Twin(now_us=clock),
        Ads1115Twin(clock, [0.1, 0.2, 0.3, 0.4]),
    )


@pytest.fixture
def bus():
    bus = SimI2C()
    for address, twin in zip((0x4C, 0x60, 0x48), twins(), strict=True):
        bus.attach(address, twin)
    return bus


# --- manners ---
@pytest.mark.parametrize(
    "name, arguments",
    [
        ("scan", "()"),
        ("writeto", "(addr, buf, stop=True)"),
        ("readfrom", "(addr, nbytes, stop=True)"),
        ("readfrom_into", "(addr, buf, stop=True)"),
        ("writevto", "(addr, vector, stop=True)"),
        ("readfrom_mem", "(addr, memaddr, nbytes, *, addrsize=8)"),
        ("readfrom_mem_into", "(addr, memaddr, buf, *, addrsize=8)"),
        ("writeto_mem", "(addr, memaddr, buf, *, addrsize=8)"),
    ],
)
def test_signatures_are_those_of_machine_i2c(bus, name, arguments):
    assert str(inspect.signature(getattr(bus, name))) == arguments


def test_registers(bus):
    assert bus.scan() == [0x48, 0x4C, 0x60]
    assert bus.readfrom_mem(0x48, 1, 2) == b"\x85\x83"  # power-on default of the ADS1115
    bus.writeto_mem(0x48, 2, b"\x12\x34")
    assert bus.readfrom_mem(0x48, 2, 2) == b"\x12\x34"
    assert bus.writevto(0x48, (b"\x03", bytearray(b"\x56\x78"))) == 3
    assert bus.readfrom(0x48, 2) == b"\x56\x78"


def test_time_on_the_bus(bus):
    """At 400 kHz 2.5 µs a bit; RP2040: 73 µs for a write of two bytes."""
    bus.writeto(0x60, b"\x00\x00")
    assert bus.busy_us == 72
    bus.readfrom_mem(0x48, 1, 2)
    assert bus.busy_us == 72 + 120


# --- errors ---
@pytest.mark.req("S-19")
@pytest.mark.parametrize("call", CALLS)
def test_nobody_at_the_address(bus, call):
    del bus.devices[0x48]
    with pytest.raises(OSError) as caught:
        call(bus)
    assert caught.value.args[0] == EIO


@pytest.mark.req("S-19")
@pytest.mark.parametrize("call", CALLS)
def test_hang_takes_its_time_out(bus, call):
    bus.hang = True
    with pytest.raises(OSError) as caught:
        call(bus)
    assert caught.value.args[0] == ETIMEDOUT
    assert bus.busy_us == bus.timeout_us
    assert 2 * bus.timeout_us <= 5000  # a call and its retry
    waited = []
    bus.wait = waited.append
    with pytest.raises(OSError):
        call(bus)
    assert waited == [bus.timeout_us]
    bus.hang = False
    call(bus)


@pytest.mark.req("S-19")
@pytest.mark.parametrize("nth", [1, 2, 5])
@pytest.mark.parametrize("count", [1, 3, -1])
def test_failure_on_order(bus, nth, count):
    failed = []
    bus.fail_next(nth, count)
    for i in range(1, 11):
        try:
            bus.readfrom(0x48, 2)
        except OSError:
            failed.append(i)
    last = 10 if count < 0 else nth + count - 1
    assert failed == list(range(nth, last + 1))
    bus.fail_next(count=0)
    bus.readfrom(0x48, 2)
    assert bus.calls == 11


@pytest.mark.req("S-19")
def test_failed_write_does_not_arrive(bus):
    bus.fail_next(1, 1, ETIMEDOUT)
    with pytest.raises(OSError) as caught:
        bus.writeto(0x4C, b"\x30\xff\xff")
    assert caught.value.args[0] == ETIMEDOUT
    assert bus.busy_us == bus.timeout_us
    assert bus.devices[0x4C].code == 0


# --- byte by byte ---
@given(st.lists(st.binary(min_size=1, max_size=5), max_size=6), st.integers(1, 5))
def test_bytes_and_transactions_agree(writes, count):
    for whole, single in zip(twins(), twins(), strict=True):
        for data in writes:
            whole.write(data)
            single.i2c_start(False)
            assert all(single.i2c_write(byte) for byte in data)
            single.i2c_stop()
        single.i2c_start(True)
        got = bytes(single.i2c_read() for _ in range(count))
        single.i2c_stop()
        assert got == whole.read(count)


def test_repeated_start_ends_a_write():
    twin = twins()[2]
    twin.i2c_start(False)
    twin.i2c_write(1)
    twin.i2c_start(True)
    assert [twin.i2c_read(), twin.i2c_read()] == [0x85, 0x83]
    assert [twin.i2c_read() for _ in range(9)] == [0xFF] * 9


def test_more_bytes_than_any_command_are_not_acknowledged():
    twin = twins()[0]
    twin.i2c_start(False)
    assert [twin.i2c_write(0) for _ in range(9)] == [True] * 8 + [False]
