"""As much of a path as the tests' helpers ask for."""


class Path:
    def __init__(self, path="."):
        self._path = str(path)

    def __str__(self):
        return self._path

    def __truediv__(self, name):
        return Path(self._path + "/" + name)

    def resolve(self):
        return self

    @property
    def parents(self):
        parts = self._path.split("/")
        above = ["/".join(parts[:end]) for end in range(len(parts) - 1, 0, -1)]
        return [Path(place) for place in above + ["."]]

    @property
    def parent(self):
        return self.parents[0]

    def read_text(self, encoding="utf-8"):
        with open(self._path) as file:
            return file.read()
