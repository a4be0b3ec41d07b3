"""The RP2040's flash cache: which fetches and loads have to wait for the flash, and how long.

16 KB, 2 ways, 1024 sets of lines of 8 bytes; each half of a line is filled by itself with one
32-bit transfer of the SSI: 40 cycles at least (8 + 4 + 8 clocks of SCK at half of clk_sys), about
45 with what surrounds it. Sources: the RP2040 datasheet, 2.6.3, the designer's words in pico-sdk
issue 1182, and boot2. Which way is replaced is an assumption: the older one.

Compiled by numba, for every instruction asks here (core_hook.py).
"""

import os

import numba
import numpy as np

from ionwand.errors import BadInput

CYCLES = (40, 45, 50)  # of a fill: the least, what is likely, and a bound
OFF = "off"  # flash as fast as RAM, which no chip has
VARIABLE = "IONWAND_FLASH_CYCLES"

SETS = 1024
_WAYS = 2
_VALID = SETS * _WAYS  # cells: tags of each set's ways, their valid halves, which way is older
_OLDER = 2 * _VALID
CELLS = _OLDER + SETS

# Words of a chip's state that belong to its cache.
FILL_CYCLES, ENABLED, HITS, FILLS, FETCHED, FETCHED_1 = range(6)  # the last words by core
STATE = 6

_BASE = 0x10000000
_CTRL, _FLUSH, _HIT_COUNT, _ACCESS_COUNT = 0x00, 0x04, 0x0C, 0x10  # XIP_CTRL's registers
_NOWHERE = -1


def chosen():
    """Cycles of a fill as the environment has it, 45 where it says nothing; None for "off"."""
    name = os.environ.get(VARIABLE, "45")
    if name == OFF:
        return None
    if name not in [str(cycles) for cycles in CYCLES]:
        raise BadInput(f"{VARIABLE}={name}: cycles of a cache fill are 40, 45 or 50, or {OFF}")
    return int(name)


@numba.njit(cache=True)
def access(state, cells, address):
    """Cycles to wait for the word at `address`, which is then in the cache."""
    if address >> 26 != _BASE >> 26:
        return 0
    region = address >> 24 & 3  # 0 cached, 1 nothing new comes in, 2 and 3 past the cache
    if region >= 2 or state[ENABLED] == 0:
        state[FILLS] += 1
        return state[FILL_CYCLES]
    line = (address & 0xFFFFFF) >> 3
    index = line & (SETS - 1)
    half = 1 << (address >> 2 & 1)
    for way in range(_WAYS):
        cell = index * _WAYS + way
        if cells[cell] == line:
            cells[_OLDER + index] = 1 - way
            if cells[_VALID + cell] & half:
                state[HITS] += 1
                return 0
            if region == 0:
                cells[_VALID + cell] |= half
            state[FILLS] += 1
            return state[FILL_CYCLES]
    state[FILLS] += 1
    if region == 0:
        way = cells[_OLDER + index]
        cells[index * _WAYS + way] = line
        cells[_VALID + index * _WAYS + way] = half
        cells[_OLDER + index] = 1 - way
    return state[FILL_CYCLES]


@numba.njit(cache=True)
def fetch(state, cells, fetched, address):
    """The same for an instruction: a core fetches words, the second half costs nothing.

    `fetched`: FETCHED or FETCHED_1, by core.
    """
    word = address >> 2
    if word == state[fetched]:
        return 0
    state[fetched] = word
    return access(state, cells, word << 2)


class FlashCache:
    """`state` and `cells` for the functions above, and XIP_CTRL's registers in front of them."""

    def __init__(self, fill_cycles, state=None):
        self.state = np.zeros(STATE, np.int64) if state is None else state
        self.cells = np.zeros(CELLS, np.int32)
        self.state[FILL_CYCLES] = fill_cycles
        self.state[ENABLED] = 1
        self._counted = np.zeros(STATE, np.int64)
        self.flush()

    @property
    def fills(self):
        return int(self.state[FILLS])

    @property
    def hits(self):
        return int(self.state[HITS])

    def access(self, address):
        """Cycles to wait for the word at `address`."""
        return int(access(self.state, self.cells, address))

    def flush(self):
        """Everything out: the next access of each word waits."""
        self.cells[:_VALID] = _NOWHERE
        self.cells[_VALID:] = 0
        self.state[FETCHED] = self.state[FETCHED_1] = _NOWHERE

    def attach(self, registers):
        """To rp2040py's XIP_CTRL, which has the registers and nothing behind them."""
        read, write, reset = registers.read_uint32, registers.write_uint32, registers.reset

        def read_uint32(offset):
            if offset in (_HIT_COUNT, _ACCESS_COUNT):
                seen = self.state - self._counted
                return int(seen[HITS] + (seen[FILLS] if offset == _ACCESS_COUNT else 0))
            return read(offset)

        def write_uint32(offset, value):
            write(offset, value)
            if offset == _CTRL:
                self.state[ENABLED] = value & 1
            elif offset == _FLUSH:
                self.flush()
            elif offset in (_HIT_COUNT, _ACCESS_COUNT):  # a write of any value clears
                self._counted[:] = self.state

        def reset_all():
            reset()
            self.state[ENABLED] = 1
            self.flush()

        registers.read_uint32 = read_uint32
        registers.write_uint32 = write_uint32
        registers.reset = reset_all
