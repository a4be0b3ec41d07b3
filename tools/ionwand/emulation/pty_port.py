"""The emulated wand's console on a PTY, so that the real mpremote reaches it."""

import os
import select
import tty

_SLICE_MS = 5


def serve(wand, link, repl, stop):
    """Until `stop` is set. `repl`: interrupt main.py once, so that nothing but the prompt runs."""
    master, slave = os.openpty()
    tty.setraw(slave)
    os.symlink(os.ttyname(slave), link)
    chip = wand.chip
    sent = 0
    try:
        if repl:
            chip.run(100)
            chip.send(b"\r\x03\x03")
        while not stop.is_set():
            chip.run(_SLICE_MS)
            if select.select([master], [], [], 0)[0]:
                try:
                    chip.send(os.read(master, 4096))
                except OSError:
                    pass  # nobody is connected just now
            if len(chip.console) > sent:
                os.write(master, bytes(chip.console[sent:]))
                sent = len(chip.console)
    finally:
        os.unlink(link)
        os.close(master)
        os.close(slave)
