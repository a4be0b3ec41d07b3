"""A firmware that the page carries, as release/build.py's Build: virtual/carried.py packs it."""

from binascii import a2b_base64


class Build:
    """`about`: version, id, files as {name: [base64, SHA-256]}, order of their names."""

    def __init__(self, about):
        self.version, self.id = about["version"], about["id"]
        self.name = "%s (%s)" % (self.version, self.id)
        self._files = about["files"]
        self._order = about["order"]

    def everything(self):
        return {name: a2b_base64(self._files[name][0].encode()) for name in self._order}

    def digests(self):
        return {name: entry[1] for name, entry in self._files.items()}
