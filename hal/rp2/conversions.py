"""Conversions of the ADS1115 one after the other, without the main loop and without waiting.

The part's ready line falls at the end of a conversion, an interrupt calls `advance`, and that
puts nine words into the I2C block's FIFO: ask the part what it has converted and whether it is
done, start the next input, fetch the result. The block does the rest by itself in 0.33 ms; the
next conversion takes at least 1.06 ms, and at its end the answers are judged. So nobody waits for
the bus, and no result counts without the part's own word that it is done, and of which input and
range [S-15, S-19].

Machine code: with MicroPython's way to it 25 µs each, flash cache left aside. Whoever else uses
the bus takes it first (`take`) and gives it back (`give`). [RP] is the RP2040 datasheet.
"""

import micropython
from micropython import const

# Words of the state that all functions here share, an array("I").
BLOCK = const(0)  # address of the I2C block
FRAME = const(1)  # address of an array("i"): number, AIN0..AIN3; written only when all are there
STATE = const(2)
CHANNEL = const(3)  # that converts
ASKED = const(4)  # whose answers are under way, -1 for none
TAKEN = const(5)  # the bus is somebody else's
WAITS = const(6)  # a conversion has ended meanwhile
ENDED = const(7)  # counts conversions, wraps at 2**29: a sign of life
LOW = const(8)  # lower byte of the part's configuration
LINE = const(9)  # address of the pins' levels, and the ready line's mask
MASK = const(10)
_PART = const(11)  # four results of the frame that is being filled
SIZE = const(15)

LOST = const(0)  # nobody knows what the part does: begin again
RUNS = const(1)

# Words of the I2C block [RP] 4.3.17.
_TARGET = const(1)
_DATA = const(4)
_RAW_INTERRUPTS = const(13)
_CLEAR_ABORT = const(21)
_CLEAR_STOP = const(24)
_ENABLE = const(27)
_STATUS = const(28)
_RECEIVED = const(30)
_ABORTED = const(1 << 6)
_ACTIVE = const(1 << 5)
_SENT = const(1 << 2)  # the FIFO is empty
_READ_AGAIN = const(0x500)  # a repeated start, then read
_READ_STOP = const(0x300)
_STOP = const(0x200)

# Of the part: hal/drivers/ads1115.py. AIN0 to ground, ±4.096 V, single-shot; idle or start.
_ADDRESS = const(0x48)
_CONFIG = const(0xC3)
_LOOKS = const(4000)  # at the block until it is idle: some ms, it needs 0.33


@micropython.viper
def judge(io: ptr32):
    """Take in what the block has fetched. The state is LOST where it is not what was asked for."""
    asked = io[ASKED]
    io[ASKED] = 0 - 1
    block = ptr32(io[BLOCK])
    count = block[_RECEIVED]
    if block[_RAW_INTERRUPTS] & _ABORTED:
        io[STATE] = LOST
        return
    if asked < 0:
        if count != 0:
            io[STATE] = LOST
        return
    if count != 4:
        io[STATE] = LOST
        return
    config = block[_DATA] & 0xFF
    low = block[_DATA] & 0xFF
    result = (block[_DATA] & 0xFF) << 8
    result |= block[_DATA] & 0xFF
    if config != _CONFIG | asked << 4 or low != io[LOW]:
        io[STATE] = LOST  # not done, another input, or a part that was reset
        return
    if result >= 0x8000:
        result -= 0x10000
    io[_PART + asked] = result
    if asked == 3:
        frame = ptr32(io[FRAME])
        i = 0
        while i < 4:
            frame[1 + i] = io[_PART + i]
            i += 1
        frame[0] = (frame[0] + 1) & 0x3FFFFFFF


@micropython.viper
def rests(block: ptr32) -> int:
    """Wait until nothing is on the bus; 0 where that does not come.

    machine.I2C may return while its stop is still on the bus, and a block that is switched off
    then cuts it short.
    """
    looks = _LOOKS
    while looks > 0 and block[_STATUS] & (_ACTIVE | _SENT) != _SENT:
        looks -= 1
    return looks


@micropython.viper
def begin(io: ptr32):
    """Start AIN0. The part must be idle and the bus taken; `give` lets it go on."""
    block = ptr32(io[BLOCK])
    rests(block)
    block[_ENABLE] = 0
    block[_TARGET] = _ADDRESS
    block[_ENABLE] = 1
    io[CHANNEL] = 0
    io[ASKED] = 0 - 1
    io[WAITS] = 0
    io[STATE] = RUNS
    io[TAKEN] = 0
    block[_DATA] = 1
    block[_DATA] = _CONFIG
    block[_DATA] = io[LOW] | _STOP


@micropython.viper
def advance(io: ptr32):
    """A conversion has ended: called by the interrupt of the ready line, and by `give`.

    The line stays low until the next start. Where it is high again something else has made it
    fall: a spike, or the part's setup.
    """
    if io[STATE] != RUNS:
        return
    if ptr32(io[LINE])[0] & io[MASK] != 0:
        return
    if io[TAKEN] != 0:
        io[WAITS] = 1
        return
    io[ENDED] = (io[ENDED] + 1) & 0x1FFFFFFF
    judge(io)
    if io[STATE] != RUNS:
        return
    channel = io[CHANNEL]
    io[ASKED] = channel
    channel = (channel + 1) & 3
    io[CHANNEL] = channel
    block = ptr32(io[BLOCK])
    block[_DATA] = 1
    block[_DATA] = _READ_AGAIN
    block[_DATA] = _READ_STOP
    block[_DATA] = 1
    block[_DATA] = _CONFIG | channel << 4
    block[_DATA] = io[LOW] | _STOP
    block[_DATA] = 0
    block[_DATA] = _READ_AGAIN
    block[_DATA] = _READ_STOP


@micropython.viper
def take(io: ptr32):
    """The bus for somebody else, when what is under way is done. LOST where it does not end."""
    io[TAKEN] = 1
    block = ptr32(io[BLOCK])
    if int(rests(block)) == 0:
        io[STATE] = LOST
    if io[STATE] == RUNS:
        judge(io)
    # What machine.I2C would take for its own; reading a register clears it.
    cleared = block[_CLEAR_ABORT]
    cleared = block[_CLEAR_STOP]  # noqa: F841


@micropython.viper
def give(io: ptr32):
    """The bus back; a conversion that has ended meanwhile goes on now."""
    if io[STATE] != RUNS:
        return
    block = ptr32(io[BLOCK])
    if int(rests(block)) == 0:
        io[STATE] = LOST
        return
    block[_ENABLE] = 0
    block[_TARGET] = _ADDRESS
    block[_ENABLE] = 1
    io[TAKEN] = 0
    if io[WAITS] != 0:
        io[WAITS] = 0
        advance(io)


@micropython.viper
def latest(io: ptr32, frame: ptr32):
    """Copy the frame, whole: the interrupt may write another one meanwhile."""
    source = ptr32(io[FRAME])
    number = 0 - 1  # that of no frame
    while source[0] != number:
        number = source[0]
        i = 1
        while i < 5:
            frame[i] = source[i]
            i += 1
    frame[0] = number
