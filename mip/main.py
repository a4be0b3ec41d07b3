"""The wand. boot.py has turned the output off before this."""

import gc
import sys

_chip = sys.platform
_pack = None
try:
    with open("slot") as _file:  # the folder that holds the firmware in use: docs/flashing.md
        _slot = _file.read()
    sys.path.insert(0, _slot)
    if _chip == "rp2":
        _file = open(_slot + "/modules.pack", "rb")
        # Nowhere else: MicroPython looks for `struct` in every folder before it takes its own.
        _path = sys.path[:]
        sys.path[:] = [".frozen"]
        import io
        import json

        import vfs

        class _Part(io.IOBase):
            def readinto(self, buffer):
                return _file.readinto(buffer)

            def ioctl(self, request, argument):
                return 255 if request == 11 else 0  # so much at a time; and nothing is to close

        class _Pack:
            """The slot's modules, one behind the other in one file, to be imported from [P-07].

            MicroPython looks for three files to find one, and littlefs takes 3 ms for each.
            """

            places = json.loads(_file.readline())  # {path: place, or null for a folder}
            begin = _file.tell()
            part = _Part()

            def mount(self, readonly, mkfs):
                pass

            def umount(self):
                _file.close()

            def stat(self, path):
                kind = 0x4000 if self.places[path] is None else 0x8000  # KeyError: not there
                return (kind, 0, 0, 0, 0, 0, 0, 0, 0, 0)

            def open(self, path, mode):
                _file.seek(self.begin + self.places[path])
                return self.part

        _pack = _Pack()
        vfs.mount(_pack, "/pack")
        sys.path.insert(0, "/pack")
except OSError:
    pass  # in a checkout the folders lie beside this file

import hal  # noqa: E402

if _chip == "rp2" and hal.refused(sys.implementation.version):
    from hal.rp2 import refused

    refused.show()
    if _pack:
        vfs.umount("/pack")
        sys.path[:] = _path
    raise RuntimeError(hal.refused(sys.implementation.version))

# What an import leaves is collected at once, so that what stays lies together: the black box needs
# 7 KB in one piece, an update 5 KB.
gc.collect()
from firmware.app import App  # noqa: E402

gc.collect()
board = hal.open_board()
gc.collect()
if _pack:
    import hal.manifest  # for the files' check, and found quickly here

    vfs.umount("/pack")
    sys.path[:] = _path
    del _pack, _Pack, _Part, _file
    # What is imported later, as firmware.console is, comes from where the packages really are.
    for _name in ("hal", "hal.drivers", "hal.rp2", "firmware"):
        sys.modules[_name].__path__ = _slot + "/" + _name.replace(".", "/")
App(board).run()
