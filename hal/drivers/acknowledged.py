"""Writes that were heard to the end.

machine.I2C raises where nobody answers the address, but a part that stops acknowledging in the
middle only shows in the count that writeto() returns.
"""

from micropython import const

_EIO = const(5)


def send(i2c, address, buffer, stop=True):
    """i2c.writeto(), or OSError(EIO) where a byte was not acknowledged. Allocates nothing."""
    if i2c.writeto(address, buffer, stop) != len(buffer):
        raise OSError(_EIO)
