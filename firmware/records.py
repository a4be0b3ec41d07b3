"""Framed records that survive a power cut at any byte [R-06] and hostile content [R-07].

A record: magic, kind, version, sequence, length, payload, CRC-32 over all of it. What is kept in
two copies is saved to the older copy first and then to the other, so that one is always whole.
Files come in as two functions: read(name) -> bytes or None, write(name, data).
"""

import binascii
import struct

from micropython import const

CALIBRATION = const(0x43)  # "C"
CATALOGUE = const(0x50)  # "P"
SESSION = const(0x53)  # "S"
CHOICE = const(0x4F)  # "O": the product chosen last
FAULTS = const(0x46)  # "F": permanent faults, kept until service
PATCHED = const(0x54)  # "T": products that had their patch test
REST = const(0x52)  # "R": what the skin has had, and its rest since
CLINIC = const(0x4B)  # "K": more than one person is treated with this wand
SEGMENT = const(0x4A)  # "J": a piece of the journal
BLACKBOX = const(0x42)  # "B": what was seen around a fault

OK = const(0)
MISSING = const(1)  # never written, or cut in the very first write
DAMAGED = const(2)  # something was there and is gone: a fault, never a default

_HEADER = "<2sBBIHH"  # magic, kind, version, sequence, payload length, length inverted
_MAGIC = b"IW"
_HEADER_BYTES = const(12)
OVERHEAD_BYTES = const(16)  # header and CRC
PAYLOAD_MAX_BYTES = const(8192)  # nothing the wand keeps is longer; a length beyond is hostile
SEQUENCE_MAX = const(0x3FFFFFFF)  # a small int on RP2040 (31 bit); one save a second for 34 years


def pack(kind, version, sequence, payload):
    """Return the framed record."""
    length = len(payload)
    if length > PAYLOAD_MAX_BYTES:
        raise ValueError(f"payload of {length} bytes, allowed are {PAYLOAD_MAX_BYTES}")
    if not 0 <= sequence <= SEQUENCE_MAX:
        raise ValueError(f"sequence {sequence}, allowed are 0 to {SEQUENCE_MAX}")
    body = struct.pack(_HEADER, _MAGIC, kind, version, sequence, length, length ^ 0xFFFF)
    body += bytes(payload)
    return body + struct.pack("<I", binascii.crc32(body) & 0xFFFFFFFF)


def unpack(data, kind):
    """Return (version, sequence, payload) of a whole record of this kind, otherwise None.

    Bytes after the record are ignored: a slot may be longer than what is in it.
    """
    if data is None or len(data) < OVERHEAD_BYTES:
        return None
    magic, found, version, sequence, length, inverted = struct.unpack_from(_HEADER, data, 0)
    if magic != _MAGIC or found != kind or length ^ inverted != 0xFFFF:
        return None
    if not (length <= PAYLOAD_MAX_BYTES and length + OVERHEAD_BYTES <= len(data)):
        return None
    end = _HEADER_BYTES + length
    body = bytes(data[:end])
    if struct.unpack_from("<I", data, end)[0] != binascii.crc32(body) & 0xFFFFFFFF:
        return None
    if not sequence <= SEQUENCE_MAX:
        return None
    return (version, sequence, body[_HEADER_BYTES:])


def pick(copy_a, copy_b, kind):
    """Return (version, sequence, payload, slot) of the newest whole copy, otherwise None."""
    record_a = unpack(copy_a, kind)
    record_b = unpack(copy_b, kind)
    if record_a is not None and (record_b is None or record_a[1] >= record_b[1]):
        return record_a + (0,)
    if record_b is not None:
        return record_b + (1,)
    return None


def next_slot(copy_a, copy_b, kind):
    """Return (slot, sequence) for the next save: never the slot that holds the newest copy."""
    newest = pick(copy_a, copy_b, kind)
    if newest is None:
        # Before the first save ever has been completed, slot 1 does not exist: start with slot 0.
        return (0, 1)
    return (1 - newest[3], newest[1] + 1)


def _copy(read, name):
    try:
        return read(name)
    except OSError:
        return b""  # there, and unreadable: that is damage, and not the same as missing


def load(read, name, kind):
    """Return (status, version, sequence, payload) of what `save` kept under this name."""
    copy_a = _copy(read, name + ".a")
    copy_b = _copy(read, name + ".b")
    newest = pick(copy_a, copy_b, kind)
    if newest is not None:
        return (OK, newest[0], newest[1], newest[2])
    # Each save ends with both copies written. One copy, torn, and no other one: that was the
    # first save, cut short, and the state before it was "nothing".
    if copy_a is None or copy_b is None:
        return (MISSING, 0, 0, b"")
    return (DAMAGED, 0, 0, b"")


def save(read, write, name, kind, version, payload):
    """Write both copies, the older one first. A cut at any byte leaves the old or the new one."""
    slot, sequence = next_slot(_copy(read, name + ".a"), _copy(read, name + ".b"), kind)
    data = pack(kind, version, sequence, payload)
    write(name + (".a", ".b")[slot], data)
    write(name + (".b", ".a")[slot], data)
    return sequence
