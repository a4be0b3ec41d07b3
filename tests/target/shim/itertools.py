"""What the tests use of itertools."""


def product(*pools):
    rows = [()]
    for pool in pools:
        rows = [row + (value,) for row in rows for value in pool]
    return rows


def combinations(values, count):
    assert count == 2
    values = list(values)
    return [(one, other) for i, one in enumerate(values) for other in values[i + 1 :]]


def pairwise(values):
    values = list(values)
    return list(zip(values, values[1:]))


def groupby(values):
    groups = []
    for value in values:
        if not groups or groups[-1][0] != value:
            groups.append((value, []))
        groups[-1][1].append(value)
    return groups
