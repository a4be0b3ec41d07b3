"""Files that lose power: what is on the medium after a write was cut at a given byte.

Two models of a medium: a file that is truncated and written anew, and one overwritten in place,
where the tail of the old content stays behind the cut.
"""


class PowerCut(Exception):
    """Power is gone; nothing is written any more."""


class Files:
    """read(name), write(name, data), as the board has them."""

    def __init__(self, in_place=False):
        self.content = {}
        self._in_place = in_place
        self._left = None

    def copy(self):
        twin = Files(self._in_place)
        twin.content = dict(self.content)
        return twin

    def cut_after(self, count):
        """Power goes after `count` more bytes; None = never."""
        self._left = count

    def read(self, name):
        return self.content.get(name)

    def write(self, name, data):
        data = bytes(data)
        if self._left is None or self._left >= len(data):
            self.content[name] = data
            if self._left is not None:
                self._left -= len(data)
            return
        tail = self.content.get(name, b"")[self._left :] if self._in_place else b""
        self.content[name] = data[: self._left] + tail
        self._left = 0
        raise PowerCut
