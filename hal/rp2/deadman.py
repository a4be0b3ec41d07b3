"""PIO program of the GATE pin: high only while somebody keeps counting it up, low by itself.

A module of its own because only the assembler gives its words a meaning. hal/rp2/gate.py loads
and drives it by raw registers. A pull that finds nothing repeats X: the count goes on down.
"""

from rp2 import PIO, asm_pio

MYPY = False  # the type checker takes it for True
if MYPY:
    from rp2.asm_pio import *  # noqa: F403

LOOP = 4  # instructions a count
DEAD = 6  # address of the end


@asm_pio(sideset_init=PIO.OUT_LOW)
def program():
    # fmt: off
    pull(block)         .side(0)  # low until armed with a first count  # noqa: F405
    mov(x, osr)         .side(0)  # noqa: F405
    label("run")  # noqa: F405
    jmp(pin, "dead")    .side(1)  # comparator latch: over at once  # noqa: F405
    pull(noblock)       .side(1)  # a fed count, or X as it is  # noqa: F405
    mov(x, osr)         .side(1)  # noqa: F405
    jmp(x_dec, "run")   .side(1)  # noqa: F405
    label("dead")  # noqa: F405
    jmp("dead")         .side(0)  # late feeds wait in the FIFO, nobody pulls them  # noqa: F405
    # fmt: on
