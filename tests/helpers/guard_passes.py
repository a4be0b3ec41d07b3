"""A program for a wand: many good passes of its guard and one bad one, with the heap locked.

`source(passes)` prints (good passes fed, the bad one fed, whether it tripped as over-current).
"""

_SOURCE = """
import micropython
from array import array
from firmware import guard
samples = array("H", [620, 1546, 2000, 1500] * 4)
request = array("i", [0] * guard.RQ_SIZE)
snapshot = array("i", [0] * guard.SN_SIZE)
snapshot[guard.SN_DT_US] = 500
request[guard.RQ_ARM] = 1
guard.guard_pass(samples, request, snapshot)
request[guard.RQ_OUTPUT] = 1
request[guard.RQ_SETPOINT_UA] = 250
snapshot[guard.SN_CEILING_PA] = 267_000_000  # as if it had risen slowly
request[guard.RQ_BRIDGE] = 1
request[guard.RQ_LOAD_MV] = 5000
request[guard.RQ_PRECISE_A_UA] = 249
good = bad = i = 0
micropython.heap_lock()
for i in range(%d):
    request[guard.RQ_HEARTBEAT] = i
    request[guard.RQ_FRAME] = i
    good += guard.guard_pass(samples, request, snapshot)
samples[0] = samples[4] = samples[8] = samples[12] = 4095
bad = guard.guard_pass(samples, request, snapshot)
micropython.heap_unlock()
print((good, bad, snapshot[guard.SN_TRIPS] & 1 == 1))
"""


def source(passes):
    return _SOURCE % passes
