"""Many passes of the guard in a row, as one call: what the simulation does most.

Machine code everywhere: by MicroPython's native emitter, in a page by
tools/ionwand/virtual/viper.py, which knows the annotations and compiles the call too.

The chip's guard passes 40 times as often. Here it comes as seldom as firmware/limits.py allows,
GUARD_US apart. All its counts are times: what stands still for longer ends both for the same
reason, here up to 0.5 ms later (tests/firmware/test_guard_rate.py).
"""

import micropython
from micropython import const

GUARD_US = const(500)  # firmware/limits.py's, as a number of this file


@micropython.native
def row(guard_pass, samples: ptr16, request: ptr32, snapshot: ptr32, dt_us, count, expected):
    """Up to `count` passes, `dt_us` after the last one and then GUARD_US apart.

    Ends after one that does not answer `expected`. Returns how many were done, negative where
    it was the last of them that answered otherwise.
    """
    done = 0
    while done < count:
        snapshot[0] = dt_us
        dt_us = GUARD_US
        done += 1
        if guard_pass(samples, request, snapshot) != expected:
            return 0 - done
    return done
