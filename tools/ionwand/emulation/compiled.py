"""Memory and functions of the compiled emulator, for numba's compiled code: by address.

`places` is where both sides meet: a symbol, and no constants, so that what numba has compiled once
serves the next process.
"""

import numba
import numpy as np
from llvmlite import binding as llvm
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

OPCODES = 0x10000

# Addresses: state of the chip that runs (0: none), the instructions' own functions, how they find
# their addresses, a core's `execute_instruction`, the functions of wide instructions. Then offsets
# of three flags in a core's object.
RUNNING, OWN, KINDS, EXECUTE, RESOLVE, EVENT, SLEEPS, UPDATED = range(8)
places = np.zeros(8, np.int64)
_SYMBOL = "ionwand_emulation_places"
llvm.add_symbol(_SYMBOL, places.ctypes.data)

_WORD, _LONG = ir.IntType(32), ir.IntType(64)


def _pointer(kind):
    @intrinsic
    def pointer(typing, address):
        def generate(context, builder, signature, arguments):
            return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

        return types.CPointer(kind)(types.int64), generate

    return pointer


longs, words, registers, halves, octets = (
    _pointer(kind) for kind in (types.int64, types.int32, types.uint32, types.uint16, types.uint8)
)


def _called(builder, arguments, result, parameters):
    function = ir.FunctionType(result, parameters).as_pointer()
    return builder.call(builder.inttoptr(arguments[0], function), arguments[1:])


@intrinsic
def call(typing, function, core, opcode, opcode2, at):
    """int function(void *core, unsigned opcode, unsigned opcode2, unsigned at)"""

    def generate(context, builder, signature, arguments):
        return _called(builder, arguments, _WORD, [_LONG, _WORD, _WORD, _WORD])

    parameters = (types.int64, types.int64, types.uint32, types.uint32, types.uint32)
    return types.int32(*parameters), generate


@intrinsic
def resolve(typing, function, opcode, opcode2):
    """A function of the kind above, as a number: function(unsigned opcode, unsigned opcode2)"""

    def generate(context, builder, signature, arguments):
        return _called(builder, arguments, _LONG, [_WORD, _WORD])

    return types.int64(types.int64, types.uint32, types.uint32), generate


@intrinsic
def step(typing, function, core):
    """int function(void *core, int skip_dispatch = 1)"""

    def generate(context, builder, signature, arguments):
        return _called(builder, [*arguments, _WORD(1)], _WORD, [_LONG, _WORD])

    return types.int32(types.int64, types.int64), generate


@intrinsic
def place(typing, number):
    """places[number]"""

    def generate(context, builder, signature, arguments):
        known = builder.module.globals.get(_SYMBOL)
        base = known or ir.GlobalVariable(builder.module, _LONG, _SYMBOL)
        return builder.load(builder.gep(base, arguments))

    return types.int64(types.int64), generate


@numba.njit(cache=True)
def flag(core, number):
    """A flag of a core's object, one word."""
    return numba.carray(words(core + place(number)), 1)
