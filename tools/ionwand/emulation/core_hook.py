"""Our function before each instruction of the emulated core, so that flash has its time.

rp2040py's core is compiled and its loop out of reach, but it calls every instruction through a
table of C functions that can be written. Ours, compiled by numba, stands before each of them and
adds the waiting cycles to what the instruction says that it took.
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
_STATE = flash_cache.STATE + 4

# Addresses: state of the chip that runs (0: it has no cache), the instructions' own functions,
# what they load. A symbol, and no constants, so that the compiled code serves the next process.
_RUNNING, _OWN, _KINDS = range(3)
_places = np.zeros(3, np.int64)
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


def _table():
    """The native core's dispatch table, one C function for each opcode."""
    api = ctypes.pythonapi
    api.PyCapsule_GetName.restype = ctypes.c_char_p
    api.PyCapsule_GetName.argtypes = [ctypes.py_object]
    api.PyCapsule_GetPointer.restype = ctypes.c_void_p
    api.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
    capsule = _native.__pyx_capi__["DISPATCH_TABLE"]
    at = api.PyCapsule_GetPointer(capsule, api.PyCapsule_GetName(capsule))
    return np.ctypeslib.as_array((ctypes.c_int64 * _OPCODES).from_address(at))


@numba.cfunc(types.int32(types.int64, types.uint32, types.uint32, types.uint32), cache=True)
def _before(core, opcode, opcode2, at):
    function = numba.carray(_longs(_place(_OWN)), _OPCODES)[opcode]
    state_at = _place(_RUNNING)
    if state_at == 0:
        return _call(function, core, opcode, opcode2, at)
    state = numba.carray(_longs(state_at), _STATE)
    if core != state[_CORE]:
        return _call(function, core, opcode, opcode2, at)
    cells = numba.carray(_words(state[_CELLS]), flash_cache.CELLS)
    regs = numba.carray(_registers(state[_REGS]), 16)
    here = np.int64(at)
    waits = fetch(state, cells, here)
    if opcode >= _WIDE_END:
        waits += fetch(state, cells, here + 2)
    kind = numba.carray(_bytes(_place(_KINDS)), _OPCODES)[opcode]
    if kind != _NOTHING:
        waits += _load(state, cells, regs, kind, np.int64(opcode), here)
    took = _call(function, core, opcode, opcode2, at)
    if took < 0:  # a Python exception in a peripheral
        return took
    after = np.int64(regs[15])
    if after >> 24 == 0x10:
        # Does one come next that asks no table? Then here, for it.
        high = numba.carray(_bytes(state[_FLASH]), 1 << 24)[(after & 0xFFFFFE) + 1]
        if _WIDE >> 8 <= high < _WIDE_END >> 8:
            waits += fetch(state, cells, after) + fetch(state, cells, after + 2)
    return np.int32(took + waits)


@functools.cache
def _install():
    """Once in a process, for all chips. What it returns must live as long as the table."""
    table = _table()
    own = table.copy()
    kinds = np.array([_kind(opcode) for opcode in range(_OPCODES)], np.uint8)
    _places[_OWN] = own.ctypes.data
    _places[_KINDS] = kinds.ctypes.data
    table[own != 0] = _before.address
    return own, kinds


class Hook:
    """A chip's flash cache at its core. `select()` before the chip runs."""

    def __init__(self, mcu, fill_cycles):
        _install()
        self._state = np.zeros(_STATE, np.int64)
        self.cache = flash_cache.FlashCache(fill_cycles, self._state[: flash_cache.STATE])
        self.cache.attach(mcu.xip_ctrl)
        # Views that keep the memory where it is.
        self._views = (np.asarray(mcu.core.registers), np.asarray(mcu.flash))
        self._state[_CORE] = id(mcu.core)
        self._state[_REGS] = self._views[0].ctypes.data
        self._state[_FLASH] = self._views[1].ctypes.data
        self._state[_CELLS] = self.cache.cells.ctypes.data

    def select(self):
        _places[_RUNNING] = self._state.ctypes.data


class NoHook:
    """A chip whose flash is as fast as RAM."""

    cache = None

    def select(self):
        _places[_RUNNING] = 0
