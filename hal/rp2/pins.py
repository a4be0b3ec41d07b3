"""Which pin does what on a Raspberry Pi Pico, the reference board; docs/hardware.md draws it.

Another board gets another file with these names. Every output is off while its pin is low or
floating (pull-downs on the board). boot.py repeats the outputs' numbers: a test compares.
"""

from micropython import const

# Fast converter: the RP2040's own, in the order of its inputs. Fixed by the chip.
SENSE_A = const(26)  # ADC0
SENSE_B = const(27)  # ADC1
LOW_RAIL = const(28)  # ADC2, e2 through 10 MΩ / 1.1 MΩ
BATTERY = const(29)  # ADC3, VSYS / 3: wired so on the Pico itself

# Output enable.
TIMER = const(0)  # input: the session timer's fourth stage, 1.5 s low and 1.5 s high
GATE = const(2)  # from the PIO dead-man, to K1 and M2 through the AND gate
COMPARATOR = const(3)  # the comparator's latch: high = tripped; pull-down
FEED = const(6)  # every rising edge keeps the monostable high for 3 ms
LATCH_RESET = const(7)  # a pulse releases the latch
RAIL = const(8)  # 27 V boost converter
BRIDGE_1 = const(9)  # return electrode +, roller -
BRIDGE_2 = const(10)  # return electrode -, roller +
DUMMY = const(11)  # relay K2: 10.0 kΩ across the bridge's output
K1_ENABLE = const(12)  # ANDed with the output enable, for the self-test
M2_ENABLE = const(13)
BLEED = const(20)  # high: the output enable opens the bleed; low: it stays closed
THRESHOLD = const(21)  # high: the comparator trips at 20 µA, in the proof; low: at 638
ENABLED = const(19)  # input: the output enable itself, behind monostable and latch

# I2C block 0: DAC and precise converter.
I2C_BLOCK = const(0)
SDA = const(4)
SCL = const(5)
READY = const(22)  # input: ALERT/RDY of the ADS1115, falls when it has converted; pull-up

# Panel.
BUTTON = const(14)  # to ground, pull-up
BEEPER = const(15)
LED_RED = const(16)  # LEDs to ground through their resistors
LED_GREEN = const(17)
LED_BLUE = const(18)
VBUS = const(24)  # high while USB supplies 5 V: wired so on the Pico itself
POWER_SAVE = const(23)  # high: the Pico's supply runs in PWM mode, quieter for the converter

OUTPUTS_OFF = (
    GATE, K1_ENABLE, M2_ENABLE, BLEED, RAIL, BRIDGE_1, BRIDGE_2, DUMMY, FEED, LATCH_RESET,
    THRESHOLD,
)  # fmt: skip
