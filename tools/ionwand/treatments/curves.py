"""Current, impedance and dose of a session over time, drawn as SVG with round numbers at its axes.

Plain text and no library, so that the page draws the very same picture: runs in its MicroPython
too, virtual/carried.py.
"""

from typing import Any

_INK, _GREY, _BLUE, _RED, _GREEN = "#1d2430", "#5d6877", "#1f5fbf", "#c2410c", "#15803d"
_BAND, _PAUSE, _GRID = "#cbd5e3", "#eef1f5", "#e2e6ec"
_LEFT, _RIGHT, _WIDTH = 62, 728, 740
_PANELS = ((22, 172), (192, 296), (316, 424))  # top and bottom of current, impedance, dose
_HEIGHT = 470
_UC_PER_MAMIN = 60_000
_TIMES_S = (5, 10, 15, 30, 60, 120, 300, 600)


def draw(session: dict[str, Any], t: Any = str) -> str:
    """One <svg>. A point of the series is the mean of its interval. `t`: of texts.py."""
    step = session["interval_s"]
    series = session["series"]
    end_s = step * len(series)
    delivered = [point[1] for point in series]
    sums = [0.0]
    for ua in delivered:
        sums.append(sums[-1] + ua * step / _UC_PER_MAMIN)
    target = session["target_uc"] / _UC_PER_MAMIN
    # Off the skin there is no reading: what the wand keeps meanwhile is its last one.
    kohm = [point[2] / 1000 if point[2] and point[1] else None for point in series]
    known = [one for one in kohm if one is not None]
    tops = (
        1.12 * max([session["setpoint_ua"], 50] + [point[0] for point in series] + delivered),
        1.15 * max(known + [10]),
        1.25 * max(sums + [target, 0.05]),
    )
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'font-family="system-ui, DejaVu Sans, sans-serif" font-size="12.5" fill="{_INK}">'
    ]
    for index, ua in enumerate(delivered):
        if not ua:
            left, right = _x(index * step, end_s), _x((index + 1) * step, end_s)
            for top, bottom in _PANELS:
                out.append(
                    f'<rect x="{left:.1f}" y="{top}" width="{right - left:.1f}" '
                    f'height="{bottom - top}" fill="{_PAUSE}"/>'
                )
    names = (t("current (µA)"), t("impedance (kΩ)"), t("dose (mA·min)"))
    for panel, top_value, name in zip(_PANELS, tops, names):
        _axis(out, panel, top_value, name, t)
    _times(out, end_s, t("minutes since arming"))
    stairs_set = _stairs([point[0] for point in series], step, end_s, 0, tops[0])
    out.append(_path(stairs_set, _BAND, 5))
    out.append(_path(_stairs(delivered, step, end_s, 0, tops[0]), _BLUE, 1.8))
    for run in _runs(kohm):
        points = [(_x((at + 0.5) * step, end_s), _y(value, 1, tops[1])) for at, value in run]
        if len(points) == 1:
            x, y = points[0]
            out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{_RED}"/>')
        out.append(_path(points, _RED, 1.8))
    line = [(_x(at * step, end_s), _y(value, 2, tops[2])) for at, value in enumerate(sums)]
    out.append(_path(line, _GREEN, 1.8))
    if target:
        height = _y(target, 2, tops[2])
        out.append(
            f'<path d="M{_LEFT} {height:.1f}H{_RIGHT}" stroke="{_GREY}" stroke-dasharray="6 4"/>'
            f'<text x="{_LEFT + 5}" y="{height - 5:.1f}" fill="{_GREY}">{t("to be given")}</text>'
        )
    out.append(
        f'<path d="M546 10h26" stroke="{_BAND}" stroke-width="5"/>'
        f'<text x="578" y="14">{t("set")}</text>'
        f'<path d="M632 10h26" stroke="{_BLUE}" stroke-width="2"/>'
        f'<text x="664" y="14">{t("delivered")}</text></svg>'
    )
    return "\n".join(out)


def round_step(top: float, most: int = 4) -> float:
    """The smallest of 1, 2, 5 times a power of ten that needs at most `most` steps to `top`."""
    step = 0.001
    while True:
        for factor in (1, 2, 5):
            if top / (factor * step) <= most:
                return factor * step
        step *= 10


def round_time_s(end_s: float) -> int:
    """Seconds between two times that people count in."""
    for step in _TIMES_S:
        if end_s / step <= 8:
            return step
    return 600


def _x(seconds: float, end_s: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * seconds / end_s


def _y(value: float, panel: int, top_value: float) -> float:
    top, bottom = _PANELS[panel]
    return bottom - (bottom - top) * value / top_value


def _axis(
    out: list[str], panel: tuple[int, int], top_value: float, name: str, t: Any
) -> None:
    top, bottom = panel
    step = round_step(top_value)
    digits = 0 if step >= 1 else 1 if step >= 0.1 else 2 if step >= 0.01 else 3
    tick = 0.0
    while tick <= top_value:
        y = bottom - (bottom - top) * tick / top_value
        label = t(f"{tick:.{digits}f}")
        out.append(
            f'<path d="M{_LEFT} {y:.1f}H{_RIGHT}" stroke="{_GRID}"/>'
            f'<text x="{_LEFT - 7}" y="{y + 4:.1f}" text-anchor="end" fill="{_GREY}">'
            f"{label}</text>"
        )
        tick += step
    out.append(
        f'<path d="M{_LEFT} {top}V{bottom}H{_RIGHT}" fill="none" stroke="{_GREY}"/>'
        f'<text transform="translate(14 {(top + bottom) // 2}) rotate(-90)" '
        f'text-anchor="middle">{name}</text>'
    )


def _times(out: list[str], end_s: int, name: str) -> None:
    bottom = _PANELS[-1][1]
    for at in range(0, end_s + 1, round_time_s(end_s)):
        x = _x(at, end_s)
        out.append(
            f'<path d="M{x:.1f} {bottom}v5" stroke="{_GREY}"/>'
            f'<text x="{x:.1f}" y="{bottom + 19}" text-anchor="middle" fill="{_GREY}">'
            f"{at // 60}:{at % 60:02d}</text>"
        )
    middle = (_LEFT + _RIGHT) // 2
    out.append(f'<text x="{middle}" y="{_HEIGHT - 6}" text-anchor="middle">{name}</text>')


def _stairs(
    values: list[int], step: int, end_s: int, panel: int, top_value: float
) -> list[tuple[float, float]]:
    points = []
    for at, value in enumerate(values):
        y = _y(value, panel, top_value)
        points += [(_x(at * step, end_s), y), (_x((at + 1) * step, end_s), y)]
    return points


def _runs(values: list[float | None]) -> list[list[tuple[int, float]]]:
    """Neighbours that are known, with their places."""
    runs: list[list[tuple[int, float]]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((at, value))
    return [run for run in runs if run]


def _path(points: list[tuple[float, float]], colour: str, width: float) -> str:
    d = " ".join([f"{x:.1f} {y:.1f}" for x, y in points])
    return f'<path d="M{d}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
