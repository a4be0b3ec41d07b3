"""The wand. boot.py has turned the output off before this."""

import gc
import sys


class _Slot:
    """The slot in use while its modules are imported [P-07].

    MicroPython looks for four files to find one, and littlefs takes 2 ms to say no. What is read
    here needs not be read again to be checked: hal/manifest.py.
    """

    def __init__(self, name):
        self.name = name
        self.seen = {}
        self.buffer = memoryview(bytearray(1024))  # whole files would leave the heap in pieces

    def mount(self, readonly, mkfs):
        pass

    def umount(self):
        pass

    def stat(self, path):
        if path in ("/hal", "/hal/rp2", "/hal/drivers", "/firmware"):
            return (0x4000,) + (0,) * 9
        if path.endswith(".mpy") and path.count("/") > 1:
            return (0x8000,) + (0,) * 9
        raise OSError(2)

    def open(self, path, mode):
        file = open(self.name + path, "rb")
        checksum = 0
        size = 1
        while size:
            size = file.readinto(self.buffer)
            checksum = crc32(self.buffer[:size], checksum)
        file.seek(0)
        self.seen[path[1:]] = checksum
        return file


_chip = sys.platform
_slot = None
try:
    with open("slot") as _file:  # the folder that holds the firmware in use: docs/flashing.md
        sys.path.insert(0, _file.read())
except OSError:
    pass  # in a checkout the folders lie beside this file
else:
    if _chip == "rp2":
        _path = sys.path[:]
        sys.path[:] = [".frozen"]
        from binascii import crc32

        import vfs

        _slot = _Slot(_path[0])
        vfs.mount(_slot, "/slot-in-use")
        sys.path.insert(0, "/slot-in-use")

import hal  # noqa: E402

if _chip == "rp2" and hal.refused(sys.implementation.version):
    from hal.rp2 import refused

    refused.show()
    if _slot:
        vfs.umount("/slot-in-use")
        sys.path[:] = _path
    raise RuntimeError(hal.refused(sys.implementation.version))

# What an import leaves is collected at once, so that what stays lies together: the black box needs
# 7 KB in one piece, an update 5 KB.
gc.collect()
from firmware.app import App  # noqa: E402

gc.collect()
board = hal.open_board()
gc.collect()
if _slot:
    import hal.manifest

    vfs.umount("/slot-in-use")
    sys.path[:] = _path
    # What is imported later, as firmware.console is, comes from where the packages really are.
    for _name in ("hal", "hal.drivers", "hal.rp2", "firmware"):
        sys.modules[_name].__path__ = _path[0] + "/" + _name.replace(".", "/")  # type: ignore
    hal.manifest.seen = _slot.seen
    _slot = None
    del _Slot
App(board).run()
