"""Addresses of the RP2040's registers that this folder uses without a driver of MicroPython's.

[RP] is the RP2040 datasheet. An RP2350 has the same blocks at other places: another file.
"""

from micropython import const

SIO = const(0xD0000000)  # [RP] 2.3.1.7: words 1 GPIO_IN, 5 OUT_SET, 6 OUT_CLR, 7 OUT_XOR
TIMER_RAW_LOW = const(0x40054028)  # [RP] 4.6.5: µs since reset, 32 bits, no latch
IO_BANK = const(0x40014000)  # [RP] 2.19.6: 8 bytes a pin, STATUS and CTRL
FUNCTION_PIO1 = const(7)
ADC = const(0x4004C000)  # [RP] 4.9.6
DMA_REQUEST_ADC = const(36)  # [RP] 2.5.3.1
DMA_CHANNEL_SIZE = const(0x40)
DMA = const(0x50000000)  # [RP] 2.5.7
PIO1 = const(0x50300000)  # [RP] 3.7
SET = const(0x2000)  # [RP] 2.1.2: atomic aliases of a register
CLEAR = const(0x3000)
I2C0 = const(0x40044000)  # [RP] 4.3.17
WATCHDOG = const(0x40058000)  # [RP] 4.7.6
# Of its scratch words 0 to 3 are the user's (`machine.mem_backup` from MicroPython 1.29); 4 is
# pico-sdk's mark of a watchdog that was watching, and outlives a soft reset.
SCRATCH_4 = const(0x4005801C)
# [RP] 2.3.1.6: BASE0 and BASE1 of core 0's second interpolator, which nothing here uses: two words
# that a debugger finds without a map, and the chip's bench hears of. Zero after each reset.
SNAPSHOT_AT = const(0xD00000C8)
STATUS_AT = const(0xD00000CC)
