"""Our function before each instruction of the emulated core: flash has its time, core 1 its turn.

rp2040py's core is compiled and its loop out of reach, but it calls every instruction through a
table of C functions that can be written. Ours, compiled by numba, stands before each of them, adds
the waiting cycles to what the instruction says that it took, does the next few at once where they
are of no concern to anybody else, and lets the second core (core_1.py) catch up.
"""

import ctypes
import functools

import numba
import numpy as np
from numba.core import types
from rp2040py.native import _cortex_m0_core as _native

from ionwand.emulation import flash_cache
from ionwand.emulation.compiled import (
    EVENT,
    EXECUTE,
    KINDS,
    OPCODES,
    OWN,
    RESOLVE,
    RUNNING,
    SLEEPS,
    UPDATED,
    call,
    flag,
    halves,
    longs,
    octets,
    place,
    places,
    registers,
    resolve,
    step,
    words,
)
from ionwand.emulation.flash_cache import access, fetch

_WIDE = 0xE800  # from here on an instruction is two halfwords
_WFE, _WFI, _SEV = 0xBF20, 0xBF30, 0xBF40

# How an opcode finds the address that it loads from or, with _STORES, stores to. Stack excepted.
_NOTHING, _LITERAL, _WORD, _BYTE, _HALF, _REGISTERS, _MULTIPLE, _SPECIAL = range(8)
_STORES = 8

# Words of a chip's state behind those of its cache: addresses of core 0's object and registers,
# of the cache's cells, flash and RAM; then core 1: does it run, its object and registers, what it
# owes to core 0's clock, is it its turn now, and how many accesses to flash it has made.
_CORE, _REGS, _CELLS, _FLASH, _RAM, _RUNS, _CORE_1, _REGS_1, _OWES, _TURN, _FLASH_1 = range(
    flash_cache.STATE, flash_cache.STATE + 11
)
_STATE = _FLASH_1 + 1

_RAM_SIZE = 264 * 1024
_AT_ONCE = 32  # cycles that core 0 may run on before the emulator's loop looks at its alarms
_NAP = 50  # cycles between two looks at whether a sleeping core 0 is woken


def _kind(opcode):
    if opcode in (_WFE, _WFI, _SEV) or opcode >> 8 in (0xBE, 0xDE, 0xDF):  # BKPT, UDF, SVC
        return _SPECIAL
    if opcode >> 12 == 0b0101:
        return _REGISTERS | (_STORES if opcode >> 9 & 7 < 3 else 0)
    return {
        0b01001: _LITERAL,
        0b01100: _WORD | _STORES, 0b01101: _WORD,
        0b01110: _BYTE | _STORES, 0b01111: _BYTE,
        0b10000: _HALF | _STORES, 0b10001: _HALF,
        0b11000: _MULTIPLE | _STORES, 0b11001: _MULTIPLE,
    }.get(opcode >> 11, _NOTHING)  # fmt: skip


@numba.njit(cache=True)
def _address(regs, kind, opcode, at):
    base = np.int64(regs[opcode >> 3 & 7])
    offset = opcode >> 6 & 31
    if kind == _LITERAL:
        return ((at + 4) & ~3) + ((opcode & 0xFF) << 2)
    if kind == _WORD:
        return base + (offset << 2)
    if kind == _BYTE:
        return base + offset
    if kind == _HALF:
        return base + (offset << 1)
    if kind == _REGISTERS:
        return (base + np.int64(regs[offset & 7])) & 0xFFFFFFFF
    return np.int64(regs[opcode >> 8 & 7])


@numba.njit(cache=True)
def _wait(state, cells, fetched, kind, address, opcode, at):
    """Waiting cycles of an instruction's fetch and of what it loads."""
    waits = fetch(state, cells, fetched, at)
    if opcode >= _WIDE:
        waits += fetch(state, cells, fetched, at + 2)
    if kind == _NOTHING or kind >= _SPECIAL:
        return waits
    if kind != _MULTIPLE:
        return waits + access(state, cells, address)
    for register in range(8):
        if opcode >> register & 1:
            waits += access(state, cells, address)
            address += 4
    return waits


@numba.njit(cache=True)
def _more(state, core, regs, fetched, cycles):
    """Instructions of a core without the emulator's own loop, until so many cycles have passed.

    Only those that touch nothing but memory and registers: whatever has to do with time, pins or
    interrupts is left to the loop. Returns the cycles, negative for a Python exception.
    """
    updated = flag(core, UPDATED)
    kinds = numba.carray(octets(place(KINDS)), OPCODES)
    own = numba.carray(longs(place(OWN)), OPCODES)
    ram = numba.carray(halves(state[_RAM]), _RAM_SIZE // 2)
    flash = numba.carray(halves(state[_FLASH]), 1 << 23)
    cells = numba.carray(words(state[_CELLS]), flash_cache.CELLS)
    done = 0
    while done < cycles and not updated[0]:
        at = np.int64(regs[15])
        if at >> 24 == 0x10:
            code = flash
            here = (at & 0xFFFFFF) >> 1
        elif at >> 20 == 0x200 and at & 0xFFFFF < _RAM_SIZE - 4:
            code = ram
            here = (at & 0xFFFFF) >> 1
        else:
            break
        opcode = np.uint32(code[here])
        opcode2 = np.uint32(0)
        function = own[opcode]
        kind = np.int64(kinds[opcode])
        address = np.int64(0)
        if opcode >= _WIDE:
            opcode2 = np.uint32(code[here + 1])
            function = resolve(place(RESOLVE), opcode, opcode2)
        elif kind == _SPECIAL:
            break
        elif kind != _NOTHING:
            address = _address(regs, kind & 7, np.int64(opcode), at)
            if address >> 28 != 2 and address >> 26 != 0x10000000 >> 26 and address >> 14 != 0:
                break
        if function == 0:
            break
        waits = _wait(state, cells, fetched, kind, address, np.int64(opcode), at)
        regs[15] = at + 2
        took = call(function, core, opcode, opcode2, np.uint32(at))
        if took < 0:
            return np.int64(took)
        done += took + waits
    return np.int64(done)


@numba.njit(cache=True)
def _nap(core, regs, took):
    """After WFE or WFI: the emulator would leap to its next alarm, and core 1 stand still."""
    sleeps = flag(core, SLEEPS)
    if sleeps[0]:
        sleeps[0] = 0
        event = flag(core, EVENT)
        if event[0] == 0:
            regs[15] -= 2
            return np.int64(_NAP)
        event[0] = 0
    return np.int64(took)


@numba.njit(cache=True)
def _core_1(state, cycles):
    """So many cycles of core 1; negative for a Python exception."""
    core = state[_CORE_1]
    regs = numba.carray(registers(state[_REGS_1]), 16)
    sleeps, event = flag(core, SLEEPS), flag(core, EVENT)
    if sleeps[0] and event[0]:
        sleeps[0] = 0
        event[0] = 0
    state[_OWES] += cycles
    state[_TURN] = 1
    before = state[flash_cache.HITS] + state[flash_cache.FILLS]
    while state[_OWES] > 0 and state[_RUNS] and not sleeps[0]:
        took = _more(state, core, regs, flash_cache.FETCHED_1, state[_OWES])
        if took == 0:
            took = np.int64(step(place(EXECUTE), core))
        if took < 0:
            return took
        state[_OWES] -= took
    if sleeps[0]:
        state[_OWES] = 0
    state[_TURN] = 0
    state[_FLASH_1] += state[flash_cache.HITS] + state[flash_cache.FILLS] - before
    return np.int64(0)


@numba.cfunc(types.int32(types.int64, types.uint32, types.uint32, types.uint32), cache=True)
def _before(core, opcode, opcode2, at):
    state_at = place(RUNNING)
    function = numba.carray(longs(place(OWN)), OPCODES)[opcode]
    if state_at == 0:
        return call(function, core, opcode, opcode2, at)
    state = numba.carray(longs(state_at), _STATE)
    mine = core == state[_CORE]
    if not mine and core != state[_CORE_1]:
        return call(function, core, opcode, opcode2, at)
    regs = numba.carray(registers(state[_REGS] if mine else state[_REGS_1]), 16)
    cells = numba.carray(words(state[_CELLS]), flash_cache.CELLS)
    fetched = flash_cache.FETCHED if mine else flash_cache.FETCHED_1
    kind = np.int64(numba.carray(octets(place(KINDS)), OPCODES)[opcode])
    code = np.int64(opcode)
    here = np.int64(at)
    address = _address(regs, kind & 7, code, here)
    took = np.int64(_wait(state, cells, fetched, kind, address, code, here))
    done = call(function, core, opcode, opcode2, at)
    if done < 0:
        return done
    took += done
    if opcode == _SEV:
        flag(state[_CORE_1] if mine else state[_CORE], EVENT)[0] = 1
    if not mine:
        return np.int32(took)
    if opcode != _WFE and opcode != _WFI:
        more = _more(state, core, regs, fetched, _AT_ONCE - took)
        if more < 0:
            return np.int32(more)
        took += more
    elif state[_RUNS]:
        took = _nap(core, regs, took)
    if state[_RUNS]:
        failed = _core_1(state, took)
        if failed < 0:
            return np.int32(failed)
    return np.int32(took)


def _address_in(capsule):
    api = ctypes.pythonapi
    api.PyCapsule_GetName.restype = ctypes.c_char_p
    api.PyCapsule_GetName.argtypes = [ctypes.py_object]
    api.PyCapsule_GetPointer.restype = ctypes.c_void_p
    api.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
    return api.PyCapsule_GetPointer(capsule, api.PyCapsule_GetName(capsule))


def _longs_in(capsule, count):
    return np.ctypeslib.as_array((ctypes.c_int64 * count).from_address(_address_in(capsule)))


def _offset(core, name):
    """Where a flag lies in the native core's object."""
    size = type(core).__basicsize__
    setattr(core, name, False)
    before = ctypes.string_at(id(core), size)
    setattr(core, name, True)
    after = ctypes.string_at(id(core), size)
    setattr(core, name, False)
    return next(i for i in range(size) if before[i] != after[i])


@functools.cache
def _install():
    """Once in a process, for all chips. What it returns must live as long as the table."""
    # The dispatch table: one C function for each opcode of one halfword.
    table = _longs_in(_native.__pyx_capi__["DISPATCH_TABLE"], OPCODES)
    own = table.copy()
    kinds = np.array([_kind(opcode) for opcode in range(OPCODES)], np.uint8)
    places[OWN] = own.ctypes.data
    places[KINDS] = kinds.ctypes.data
    places[RESOLVE] = _address_in(_native.__pyx_capi__["resolve_wide"])
    methods = _native.CortexM0Core.__dict__["__pyx_vtable__"]
    places[EXECUTE] = _longs_in(methods, 3)[2]  # behind `reset` and `set_interrupt`
    table[own != 0] = _before.address
    return own, kinds


class Hook:
    """A chip's flash cache and its second core, at its first. `select()` before the chip runs.

    `fill_cycles` None: flash as fast as RAM.
    """

    def __init__(self, mcu, core_1, fill_cycles):
        _install()
        for number, name in ((EVENT, "event_registered"), (SLEEPS, "waiting"),
                             (UPDATED, "interrupts_updated")):  # fmt: skip
            places[number] = _offset(core_1, name)
        self._state = np.zeros(_STATE, np.int64)
        cache = flash_cache.FlashCache(fill_cycles or 0, self._state[: flash_cache.STATE])
        cache.attach(mcu.xip_ctrl)
        self.cache = cache if fill_cycles else None
        self._state[_CORE], self._state[_CORE_1] = id(mcu.core), id(core_1)
        # Views that keep the memory where it is.
        self._views = {
            _REGS: np.asarray(mcu.core.registers),
            _REGS_1: np.asarray(core_1.registers),
            _CELLS: cache.cells,
            _FLASH: np.asarray(mcu.flash),
            _RAM: np.asarray(mcu.sram),
        }
        for number, view in self._views.items():
            self._state[number] = view.ctypes.data

    def select(self):
        places[RUNNING] = self._state.ctypes.data

    @property
    def turn(self):
        """The core whose instruction is under way."""
        return int(self._state[_TURN])

    @property
    def flash_1(self):
        """Core 1's accesses to flash since power-on."""
        return int(self._state[_FLASH_1])

    @property
    def runs(self):
        """Does core 1 run?"""
        return bool(self._state[_RUNS])

    @runs.setter
    def runs(self, value):
        self._state[_RUNS] = value
        self._state[_OWES] = 0
