"""The dead-man's PIO program, from the shipped source, on the state machine of
rp2040-pio-emulator: what raises GATE, what keeps it up, and everything that brings it down.
"""

import importlib
import re
import sys

import pioemu
import pytest

sys.path.insert(0, __file__.rpartition("/")[0])
import pio_asm  # noqa: E402

GATE = 2
COMPARATOR = 3
COUNT = 50
_SHIFTS = pioemu.ShiftRegister


@pytest.fixture(scope="module")
def deadman():
    kept = sys.modules.get("rp2")
    sys.modules["rp2"] = pio_asm
    sys.modules.pop("hal.rp2.deadman", None)
    try:
        yield importlib.import_module("hal.rp2.deadman")
    finally:
        sys.modules.pop("hal.rp2.deadman", None)
        if kept is None:
            del sys.modules["rp2"]
        else:
            sys.modules["rp2"] = kept


def run(program, clocks, feeds=(), comparator=()):
    """[(clock, GATE)] at its changes. `feeds`: clock -> count; `comparator`: clock -> level."""
    feeds = dict(feeds)
    levels = dict(comparator)
    state = pioemu.State(pin_directions=1 << GATE)
    changes = [(0, 0)]
    for _, after in pioemu.emulate(
        program,
        stop_when=lambda opcode, now: now.clock >= clocks,
        initial_state=state,
        input_source=lambda clock: _level(levels, clock) << COMPARATOR,
        side_set_base=GATE,
        side_set_count=1,
        jmp_pin=COMPARATOR,
    ):
        for clock in sorted(feeds):
            if clock <= after.clock:
                after.transmit_fifo.append(feeds.pop(clock))
        gate = after.pin_values >> GATE & 1
        if gate != changes[-1][1]:
            changes.append((after.clock, gate))
    return changes


def _level(levels, clock):
    level = 0
    for at in sorted(levels):
        if at <= clock:
            level = levels[at]
    return level


@pytest.mark.req("S-10")
def test_low_until_armed(deadman):
    assert run(deadman.program[0], 2000) == [(0, 0)]


@pytest.mark.req("S-10")
def test_falls_by_itself_and_stays_down(deadman):
    up, down = run(deadman.program[0], 5000, {10: COUNT})[1:]
    assert up[1] == 1 and down[1] == 0
    assert down[0] - up[0] == pytest.approx(deadman.LOOP * (COUNT + 1), abs=2)


@pytest.mark.req("S-10")
def test_each_feed_starts_the_count_anew(deadman):
    feeds = {10 + 120 * i: COUNT for i in range(10)}
    up, down = run(deadman.program[0], 5000, feeds)[1:]
    last = max(feeds)
    assert deadman.LOOP * COUNT <= down[0] - last <= deadman.LOOP * (COUNT + 3)


@pytest.mark.req("S-10")
def test_a_late_feed_revives_nothing(deadman):
    changes = run(deadman.program[0], 5000, {10: COUNT, 600: COUNT, 700: COUNT})
    assert [gate for _, gate in changes] == [0, 1, 0]


@pytest.mark.req("S-02", "S-10")
@pytest.mark.parametrize("phase", range(8))
def test_comparator_ends_it_within_a_round(deadman, phase):
    at = 100 + phase
    feeds = {10 + 50 * i: COUNT for i in range(20)}
    changes = run(deadman.program[0], 3000, feeds, {at: 1, at + 30: 0})
    assert [gate for _, gate in changes] == [0, 1, 0]
    assert changes[-1][0] - at <= deadman.LOOP + 2


@pytest.mark.req("S-02", "S-10")
def test_does_not_start_under_a_tripped_latch(deadman):
    """High for the one instruction that looks: under 1 µs, and the hardware's AND is low."""
    changes = run(deadman.program[0], 3000, {10: COUNT}, {0: 1})
    assert sum(b[0] - a[0] for a, b in zip(changes[1::2], changes[2::2])) <= 2


@pytest.mark.req("S-12")
def test_constants_name_the_program(deadman):
    words = deadman.program[0]
    assert len(words) == deadman.DEAD + 1
    assert words[deadman.DEAD] == deadman.DEAD  # jmp to itself, side 0: what KILL writes
    assert words == [0x80A0, 0xA027, 0x10C6, 0x9080, 0xB027, 0x1042, 0x0006]


@pytest.mark.req("S-12")
def test_boot_turns_off_the_pins_of_the_board(root):
    """boot.py may import nothing of the wand, so its numbers are repeated; here they are one."""
    from hal.rp2 import chip, pins

    source = (root / "boot.py").read_text()
    listed = re.search(r"for _pin in \(([\d, ]+)\)", source).group(1)
    assert tuple(int(number) for number in listed.split(",")) == pins.OUTPUTS_OFF
    assert f"mem32[0x{chip.PIO1 + chip.CLEAR:X}] = 1" in source
