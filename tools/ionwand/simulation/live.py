"""What a person sees while a simulated session runs, and the table at its end.

On a terminal a view that moves; elsewhere, as in a CI log, one line for each change of state.
"""

import time
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from ionwand.simulation.script import Script
from ionwand.trace.rows import Row

_REFRESH_S = 0.1
STATE_STYLES = {
    "treating": "bold green",
    "ramping": "green",
    "stopping": "yellow",
    "bounced": "yellow",
    "lifted": "bold yellow",
    "contact": "cyan",
    "proving": "cyan",
    "done": "bold",
    "refused": "bold magenta",
    "fault": "bold red",
}


def clock(t_us: int) -> str:
    minutes, seconds = divmod(t_us / 1e6, 60)
    return f"{int(minutes):02d}:{seconds:06.3f}"


class View:
    """A context manager that is fed with rows."""

    def __init__(self, console: Console, session: Script, interpreter: str, dose_uc: int) -> None:
        self._console = console
        self._session = session
        self._interpreter = interpreter
        self._dose_uc = dose_uc
        self._live: Live | None = None
        self._row: Row | None = None
        self._state = ""
        self._fault = ""
        self._lifts = 0
        self._drawn_at = 0.0

    def __enter__(self) -> "View":
        if self._console.is_terminal:
            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.__enter__()
        else:
            self._console.print(self._title(), highlight=False)
        return self

    def __exit__(self, *what: Any) -> None:
        if self._live is not None:
            self._live.__exit__(*what)

    def row(self, row: Row) -> None:
        if row.state == "bounced":  # nobody is told [F-07]
            row = row._replace(state="treating")
        if row.state != self._state or row.fault != self._fault:
            if row.state == "lifted":
                self._lifts += 1
            self._state, self._fault = row.state, row.fault
            if self._live is None:
                self._console.print(self._line(row), highlight=False)
        self._row = row
        if self._live is not None and time.monotonic() - self._drawn_at >= _REFRESH_S:
            self._live.update(self.render(), refresh=True)
            self._drawn_at = time.monotonic()

    def _title(self) -> str:
        session = self._session
        return f"{session.product} on {session.skin} skin, {self._interpreter}"

    def _line(self, row: Row) -> str:
        parts = [
            f"{clock(row.t_us)}  {row.state:<9}",
            f"set {row.setpoint_ua:6.1f} µA",
            f"delivered {row.i_load_ua:6.1f} µA",
            f"dose {row.dose_uc / 60_000:6.3f} mA·min",
        ]
        if row.fault:
            parts.append(f"fault {row.fault}")
        return "  ".join(parts)

    def render(self) -> RenderableType:
        row = self._row
        if row is None:
            return Text("")
        table = Table.grid(padding=(0, 2))
        table.add_column(style="dim")
        table.add_column(min_width=22)
        table.add_column(style="dim")
        table.add_column(min_width=22)
        lit = row.led.lower() != "#000000"
        led = Text("● ", style=row.led if lit else "grey23") + Text(row.led if lit else "off")
        contact = "skin" if row.contact else "none"
        impedance = f"{row.z_ohm / 1000:.1f} kΩ" if row.z_ohm else "–"
        gate = Text("on", style="bold green") if row.gate else Text("off")
        for cells in (
            ("state", Text(row.state, style=STATE_STYLES.get(row.state, "")), "LED", led),
            ("set", f"{row.setpoint_ua:.1f} µA", "delivered", f"{row.i_load_ua:.1f} µA"),
            ("voltage", f"{row.v_load_mv / 1000:.2f} V", "impedance", impedance),
            ("contact", contact, "output", gate),
            ("lifts", str(self._lifts), "fault", Text(row.fault or "–", style="bold red")),
        ):
            table.add_row(*cells)
        target_uc = max(self._dose_uc, 1)
        bar = Table.grid(padding=(0, 2))
        bar.add_row(
            Text("dose", style="dim"),
            ProgressBar(total=target_uc, completed=min(row.dose_uc, target_uc), width=40),
            f"{row.dose_uc / 60_000:.3f} of {target_uc / 60_000:.3f} mA·min",
        )
        return Panel(
            Group(table, Text(""), bar),
            title=self._title(),
            subtitle=clock(row.t_us),
            width=76,
        )


def summary_table(summary: dict[str, Any], session: Script, wall_s: float) -> Table:
    """The session in a dozen lines."""
    end = summary.get("end") or "still running"
    met = summary.get("end") == session.expect_end
    table = Table(title="Session", title_justify="left", show_header=False)
    table.add_column(style="dim")
    table.add_column()
    expected = "" if met else f" (expected {session.expect_end})"
    table.add_row("end", Text(f"{end}{expected}", style="bold green" if met else "bold red"))
    if summary.get("fault"):
        table.add_row("fault", Text(str(summary["fault"]), style="bold red"))
    table.add_row("product, skin", f"{summary.get('product', session.product)}, {session.skin}")
    for label, key, scale, unit, digits in (
        ("time simulated", "time_s", 1, "s", 1),
        ("output on", "output_s", 1, "s", 1),
        ("dose counted", "dose_uc", 60_000, "mA·min", 4),
        ("charge that flowed", "true_charge_uc", 60_000, "mA·min", 4),
        ("mean current", "mean_ua", 1, "µA", 1),
        ("bounces", "bounces", 1, "", 0),
        ("peak, a touch's too", "peak_ua", 1, "µA", 1),
        ("worst touch, behind the roller", "touch_v", 1, "V", 3),
        ("and its charge", "touch_nc", 1, "nC", 3),
        ("lifts", "lifts", 1, "", 0),
    ):
        value = summary.get(key)
        if isinstance(value, int | float):
            table.add_row(label, f"{value / scale:.{digits}f} {unit}".rstrip())
    time_s = summary.get("time_s")
    if isinstance(time_s, int | float) and wall_s > 0:
        table.add_row("took", f"{wall_s:.1f} s, {time_s / wall_s:.0f} times real time")
    return table
