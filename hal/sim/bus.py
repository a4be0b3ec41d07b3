"""The simulated I2C bus: machine.I2C's methods, twins at its addresses, and faults on order.

The drivers can't tell it from the real one. `busy_us` counts the time that the bits would take
at 400 kHz; the board adds it to its clock. Nothing here allocates on the drivers' paths.
"""

import micropython
from micropython import const

EIO = const(5)  # what the rp2 port raises when nobody answers an address
ETIMEDOUT = const(110)

# Bits: start 1, address 9, register 9, repeated start 1, address 9, stop 1; then 9 a byte.
_BITS_WRITE = const(11)
_BITS_MEMORY = const(30)


class Device:
    """What a twin is: whole transactions for SimI2C, single bytes for the RP2040 emulator.

    A twin provides `write(data)` and `read_into(buffer)`; the rest follows from those two, and
    may be done faster. A part acts on a complete write, here at its end: stop or repeated start.
    """

    _size = 8  # longest write and read of any of the three parts

    def __init__(self):
        self._in = bytearray(self._size)
        self._out = bytearray(self._size)
        self._register = bytearray(1)
        self._count = 0

    def write(self, data):
        raise NotImplementedError

    def read_into(self, buffer):
        raise NotImplementedError

    def read_register(self, register, buffer):
        """A write of the register's number, a repeated start and a read."""
        self._register[0] = register
        self.write(self._register)
        self.read_into(buffer)

    def read(self, count):
        """`count` bytes as a read of its own."""
        buffer = bytearray(count)
        self.read_into(buffer)
        return bytes(buffer)

    def i2c_start(self, read):
        """A start, or repeated start, with this part's address; `read` is the direction bit."""
        self.i2c_stop()
        if read:
            self.read_into(self._out)
        self._position = 0

    def i2c_write(self, byte):
        """One byte from the controller; True acknowledges it."""
        if self._count == self._size:
            return False
        self._in[self._count] = byte
        self._count += 1
        return True

    def i2c_read(self):
        """One byte to the controller."""
        position = self._position
        if position == self._size:
            return 0xFF  # nobody pulls the line low
        self._position = position + 1
        return self._out[position]

    def i2c_stop(self):
        count = self._count
        if count:
            self._count = 0
            self.write(bytes(self._in[:count]))


class SimI2C:
    """machine.I2C, simulated.

    wait        function(us) that lets simulated time pass while the bus hangs; without it a
                time-out just counts into `busy_us`
    hang        both lines stuck: every call times out
    devices     twins by address; take one out and its address is not answered
    calls       number of transactions so far
    """

    def __init__(self, timeout_us=2000, wait=None):
        self.devices = {}
        self.timeout_us = timeout_us
        self.wait = wait
        self.hang = False
        self.busy_us = 0
        self.calls = 0
        self.fail_in = 0  # calls until the ordered failure; 0: none ordered
        self._fail_count = 0
        self._fail_errno = EIO
        self._joined = [bytearray(n) for n in range(9)]

    def attach(self, address, device):
        """Put a twin on the bus; returns it."""
        self.devices[address] = device
        return device

    def fail_next(self, nth=1, count=1, errno=EIO):
        """Let the `nth` call from now fail, and those after it: `count` in all, -1 for ever.

        `errno` ETIMEDOUT takes the time of a time-out. `count` 0 cancels.
        """
        self.fail_in = nth if count else 0
        self._fail_count = count
        self._fail_errno = errno

    # --- machine.I2C ---
    def scan(self):
        return sorted(self.devices)

    @micropython.native
    def writeto(self, addr, buf, stop=True):
        device = self.devices.get(addr)
        self.calls += 1
        if device is None or self.hang or self.fail_in:
            self._fault(device)
        size = len(buf)
        self.busy_us += (_BITS_WRITE + 9 * size) * 5 >> 1
        device.write(buf)
        return size

    def readfrom(self, addr, nbytes, stop=True):
        buffer = bytearray(nbytes)
        self.readfrom_into(addr, buffer, stop)
        return bytes(buffer)

    def readfrom_into(self, addr, buf, stop=True):
        device = self.devices.get(addr)
        self.calls += 1
        if device is None or self.hang or self.fail_in:
            self._fault(device)
        self.busy_us += (_BITS_WRITE + 9 * len(buf)) * 5 >> 1
        device.read_into(buf)

    def writevto(self, addr, vector, stop=True):
        return self.writeto(addr, b"".join([bytes(part) for part in vector]), stop)

    def readfrom_mem(self, addr, memaddr, nbytes, *, addrsize=8):
        buffer = bytearray(nbytes)
        self.readfrom_mem_into(addr, memaddr, buffer)
        return bytes(buffer)

    @micropython.native
    def readfrom_mem_into(self, addr, memaddr, buf, *, addrsize=8):
        device = self.devices.get(addr)
        self.calls += 1
        if device is None or self.hang or self.fail_in:
            self._fault(device)
        self.busy_us += (_BITS_MEMORY + 9 * len(buf)) * 5 >> 1
        device.read_register(memaddr, buf)

    def writeto_mem(self, addr, memaddr, buf, *, addrsize=8):
        size = len(buf) + 1
        joined = self._joined[size]
        joined[0] = memaddr
        joined[1:] = buf
        self.writeto(addr, joined)

    # --- faults ---
    def _fault(self, device):
        """The OSError that the real bus would raise, where one is due."""
        if self.hang:
            self._time_out()
        if self.fail_in:
            self._fail()
        if device is None:
            self.busy_us += _BITS_WRITE * 5 >> 1
            raise OSError(EIO)

    def _fail(self):
        if self.fail_in > 1:
            self.fail_in -= 1
            return
        if self._fail_count > 0:
            self._fail_count -= 1
            if self._fail_count == 0:
                self.fail_in = 0
        if self._fail_errno == ETIMEDOUT:
            self._time_out()
        raise OSError(self._fail_errno)

    def _time_out(self):
        if self.wait is None:
            self.busy_us += self.timeout_us
        else:
            self.wait(self.timeout_us)
        raise OSError(ETIMEDOUT)
