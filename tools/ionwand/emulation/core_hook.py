"""Our function before each instruction of the emulated core: flash has its time, core 1 its turn.

rp2040py's core is compiled and its loop out of reach, but it calls every instruction through a
table of C functions that can be written. Ours, compiled by numba, stands before each of them, adds
the waiting cycles to what the instruction says that it took, and lets the second core (core_1.py)
catch up with it, so that the two are never further apart than one instruction of core 0.
"""

import ctypes
import functools

import numba
import numpy as np
from llvmlite import binding as llvm
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic
from rp2040py.native import _cortex_m0_core as _native

from ionwand.emulation import flash_cache
from ionwand.emulation.flash_cache import access, fetch

_OPCODES = 0x10000
_WIDE = 0xF000  # up to 0xF7FF an instruction is two halfwords, and the core asks no table
_WIDE_END = 0xF800

# What an opcode loads, and from where.
_NOTHING, _LITERAL, _WORD, _BYTE, _HALF, _REGISTERS, _MULTIPLE = range(7)

# Words of a chip's state behind those of its cache.
_CORE, _REGS, _CELLS, _FLASH = range(flash_cache.STATE, flash_cache.STATE + 4)
# Core 1: does it run, its object, registers, what it owes to core 0's clock, is it its turn now.
_RUNS, _CORE_1, _REGS_1, _OWES, _TURN = range(_FLASH + 1, _FLASH + 6)
_STATE = _TURN + 1

_WFE, _WFI, _SEV = 0xBF20, 0xBF30, 0xBF40
_NAP = 50  # cycles between two looks at whether a sleeping core 0 is woken

# Addresses: state of the chip that runs (0: none), the instructions' own functions, what they load,
# a core's `execute_instruction`; offsets of two flags in a core's object. A symbol and no constants,
# so that the compiled code serves the next process.
_RUNNING, _OWN, _KINDS, _EXECUTE, _EVENT, _SLEEPS = range(6)
_places = np.zeros(6, np.int64)
_SYMBOL = "ionwand_core_hook"
llvm.add_symbol(_SYMBOL, _places.ctypes.data)


def _kind(opcode):
    if opcode >> 12 == 0b0101 and opcode >> 9 & 7 >= 3:  # LDRSB, LDR, LDRH, LDRB, LDRSH
        return _REGISTERS
    return {
        0b01001: _LITERAL, 0b01101: _WORD, 0b01111: _BYTE, 0b10001: _HALF, 0b11001: _MULTIPLE
    }.get(opcode >> 11, _NOTHING)  # fmt: skip


def _pointer(kind):
    @intrinsic
    def pointer(typing, address):
        def generate(context, builder, signature, arguments):
            return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

        return types.CPointer(kind)(types.int64), generate

    return pointer


_longs, _words, _registers, _bytes = (
    _pointer(kind) for kind in (types.int64, types.int32, types.uint32, types.uint8)
)


@intrinsic
def _call(typing, function, core, opcode, opcode2, at):
    """int function(void *core, unsigned opcode, unsigned opcode2, unsigned at)"""

    def generate(context, builder, signature, arguments):
        word = ir.IntType(32)
        kind = ir.FunctionType(word, [ir.IntType(64), word, word, word])
        return builder.call(builder.inttoptr(arguments[0], kind.as_pointer()), arguments[1:])

    parameters = (types.int64, types.int64, types.uint32, types.uint32, types.uint32)
    return types.int32(*parameters), generate


@intrinsic
def _step(typing, function, core):
    """int function(void *core, int skip_dispatch)"""

    def generate(context, builder, signature, arguments):
        word = ir.IntType(32)
        kind = ir.FunctionType(word, [ir.IntType(64), word])
        function = builder.inttoptr(arguments[0], kind.as_pointer())
        return builder.call(function, [arguments[1], word(1)])

    return types.int32(types.int64, types.int64), generate


@intrinsic
def _place(typing, number):
    def generate(context, builder, signature, arguments):
        long = ir.IntType(64)
        variables = builder.module.globals
        base = variables.get(_SYMBOL) or ir.GlobalVariable(builder.module, long, _SYMBOL)
        return builder.load(builder.gep(base, arguments))

    return types.int64(types.int64), generate


@numba.njit(cache=True)
def _load(state, cells, regs, kind, opcode, at):
    """Waiting cycles of what an instruction loads. Stacks are never in flash."""
    base = np.int64(regs[opcode >> 3 & 7])
    offset = opcode >> 6 & 31
    if kind == _LITERAL:
        return access(state, cells, ((at + 4) & ~3) + ((opcode & 0xFF) << 2))
    if kind == _WORD:
        return access(state, cells, base + (offset << 2))
    if kind == _BYTE:
        return access(state, cells, base + offset)
    if kind == _HALF:
        return access(state, cells, base + (offset << 1))
    if kind == _REGISTERS:
        return access(state, cells, (base + np.int64(regs[offset & 7])) & 0xFFFFFFFF)
    waits = 0
    address = np.int64(regs[opcode >> 8 & 7])
    for register in range(8):
        if opcode >> register & 1:
            waits += access(state, cells, address)
            address += 4
    return waits


def _longs_in(capsule, count):
    api = ctypes.pythonapi
    api.PyCapsule_GetName.restype = ctypes.c_char_p
    api.PyCapsule_GetName.argtypes = [ctypes.py_object]
    api.PyCapsule_GetPointer.restype = ctypes.c_void_p
    api.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
    at = api.PyCapsule_GetPointer(capsule, api.PyCapsule_GetName(capsule))
    return np.ctypeslib.as_array((ctypes.c_int64 * count).from_address(at))


@numba.njit(cache=True)
def _instruction(state, core, regs, fetched, opcode, opcode2, at):
    """One instruction with its waiting; negative for a Python exception in a peripheral."""
    cells = numba.carray(_words(state[_CELLS]), flash_cache.CELLS)
    here = np.int64(at)
    waits = fetch(state, cells, fetched, here)
    if opcode >= _WIDE_END:
        waits += fetch(state, cells, fetched, here + 2)
    kind = numba.carray(_bytes(_place(_KINDS)), _OPCODES)[opcode]
    if kind != _NOTHING:
        waits += _load(state, cells, regs, kind, np.int64(opcode), here)
    took = _call(numba.carray(_longs(_place(_OWN)), _OPCODES)[opcode], core, opcode, opcode2, at)
    if took < 0:
        return took
    after = np.int64(regs[15])
    if after >> 24 == 0x10:
        # Does one come next that asks no table? Then here, for it.
        high = numba.carray(_bytes(state[_FLASH]), 1 << 24)[(after & 0xFFFFFE) + 1]
        if _WIDE >> 8 <= high < _WIDE_END >> 8:
            waits += fetch(state, cells, fetched, after)
            waits += fetch(state, cells, fetched, after + 2)
    return np.int32(took + waits)


@numba.njit(cache=True)
def _flag(core, place):
    """A flag of a core's object: its event register, or whether it sleeps."""
    return numba.carray(_words(core + _place(place)), 1)


@numba.njit(cache=True)
def _both(state, core, regs, took, opcode):
    """Core 1's turn after an instruction of core 0. Returns what that took, naps included."""
    if opcode == _SEV:
        _flag(state[_CORE_1], _EVENT)[0] = 1
    elif opcode == _WFE or opcode == _WFI:
        # The emulator would leap to its next alarm, and core 1 stand still: naps instead.
        sleeps = _flag(core, _SLEEPS)
        if sleeps[0]:
            sleeps[0] = 0
            event = _flag(core, _EVENT)
            if event[0]:
                event[0] = 0
            else:
                regs[15] -= 2
                took = np.int32(_NAP)
    sleeps = _flag(state[_CORE_1], _SLEEPS)
    if sleeps[0] and _flag(state[_CORE_1], _EVENT)[0]:
        sleeps[0] = _flag(state[_CORE_1], _EVENT)[0] = 0
    state[_OWES] += took
    state[_TURN] = 1
    while state[_OWES] > 0:
        if sleeps[0]:
            state[_OWES] = 0
            break
        done = _step(_place(_EXECUTE), state[_CORE_1])
        if done < 0:
            return done
        state[_OWES] -= done
    state[_TURN] = 0
    return took


@numba.cfunc(types.int32(types.int64, types.uint32, types.uint32, types.uint32), cache=True)
def _before(core, opcode, opcode2, at):
    state_at = _place(_RUNNING)
    if state_at:
        state = numba.carray(_longs(state_at), _STATE)
        if core == state[_CORE]:
            regs = numba.carray(_registers(state[_REGS]), 16)
            took = _instruction(state, core, regs, flash_cache.FETCHED, opcode, opcode2, at)
            if took >= 0 and state[_RUNS]:
                return _both(state, core, regs, took, opcode)
            return took
        if core == state[_CORE_1]:
            regs = numba.carray(_registers(state[_REGS_1]), 16)
            took = _instruction(state, core, regs, flash_cache.FETCHED_1, opcode, opcode2, at)
            if opcode == _SEV:
                _flag(state[_CORE], _EVENT)[0] = 1
            return took
    return _call(numba.carray(_longs(_place(_OWN)), _OPCODES)[opcode], core, opcode, opcode2, at)


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
    # The dispatch table: one C function for each opcode.
    table = _longs_in(_native.__pyx_capi__["DISPATCH_TABLE"], _OPCODES)
    own = table.copy()
    kinds = np.array([_kind(opcode) for opcode in range(_OPCODES)], np.uint8)
    _places[_OWN] = own.ctypes.data
    _places[_KINDS] = kinds.ctypes.data
    methods = _native.CortexM0Core.__dict__["__pyx_vtable__"]
    _places[_EXECUTE] = _longs_in(methods, 3)[2]  # behind `reset` and `set_interrupt`
    table[own != 0] = _before.address
    return own, kinds


class Hook:
    """A chip's flash cache and its second core, at its first. `select()` before the chip runs.

    `fill_cycles` None: flash as fast as RAM.
    """

    def __init__(self, mcu, core_1, fill_cycles):
        _install()
        _places[_EVENT] = _offset(core_1, "event_registered")
        _places[_SLEEPS] = _offset(core_1, "waiting")
        self._state = np.zeros(_STATE, np.int64)
        cache = flash_cache.FlashCache(fill_cycles or 0, self._state[: flash_cache.STATE])
        cache.attach(mcu.xip_ctrl)
        self.cache = cache if fill_cycles else None
        # Views that keep the memory where it is.
        self._views = [
            np.asarray(view) for view in (mcu.core.registers, core_1.registers, mcu.flash)
        ]
        self._cells = cache.cells
        for place, value in (
            (_CORE, id(mcu.core)),
            (_CORE_1, id(core_1)),
            (_REGS, self._views[0].ctypes.data),
            (_REGS_1, self._views[1].ctypes.data),
            (_FLASH, self._views[2].ctypes.data),
            (_CELLS, cache.cells.ctypes.data),
        ):
            self._state[place] = value

    def select(self):
        _places[_RUNNING] = self._state.ctypes.data

    @property
    def turn(self):
        """The core whose instruction is under way."""
        return int(self._state[_TURN])

    @property
    def runs(self):
        """Does core 1 run?"""
        return bool(self._state[_RUNS])

    @runs.setter
    def runs(self, value):
        self._state[_RUNS] = value
        self._state[_OWES] = 0
