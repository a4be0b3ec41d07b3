"""Stand-in for MicroPython's `micropython` on CPython: the firmware's modules run unchanged.

Decorators are identities, and the pointer types of viper code are put into builtins, because
there `ptr32(array)` and the annotation `a: ptr32` are known to the compiler and imported nowhere.
"""

import builtins


def const(value):
    return value


def native(function):
    return function


def viper(function):
    return function


def _pointer(array):
    return array


for _name in ("ptr", "ptr8", "ptr16", "ptr32"):
    setattr(builtins, _name, _pointer)
builtins.uint = int  # viper's unsigned word; code here stays below 2**30 anyway


def heap_lock():
    """No-op: only the real interpreter can prove that nothing allocates."""


def heap_unlock():
    return 0


def mem_info(verbose=0):
    """No-op."""


def opt_level(level=None):
    return 0


def kbd_intr(character):
    """No-op."""


def alloc_emergency_exception_buf(size):
    """No-op: CPython always has memory for an exception."""


def schedule(function, argument):
    function(argument)
