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
# Its scratch words survive a soft reset; 0..3 are the program's own, 4 pico-sdk's mark of a
# watchdog that was watching.
SCRATCH_0 = const(0x4005800C)
SCRATCH_1 = const(0x40058010)
SCRATCH_4 = const(0x4005801C)
