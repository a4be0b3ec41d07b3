"""The command `ionwand`. `ionwand X` is the file X.py in the room whose job it is.

Exit codes: 0 as expected, 1 it went otherwise, 2 asked for something that isn't there, 130 Ctrl-C.
"""

import sys
from typing import Any

import click

from ionwand.bench import calibrate, faults, polarity, selftest, status
from ionwand.calibration import certificate
from ionwand.console import any_console
from ionwand.emulation import emulate
from ionwand.errors import BadInput, RunFailed
from ionwand.registry import fleet
from ionwand.release import build, flash, image
from ionwand.simulation import bench, check, plot, simulate
from ionwand.treatments import journal, products
from ionwand.virtual import play, virtual


class _OneLine(click.Group):
    """Errors are one line on stderr, those of the command line itself too."""

    def main(self, *args: Any, **extra: Any) -> Any:
        extra["standalone_mode"] = False
        code: Any = 1
        any_console()
        try:
            code = super().main(*args, **extra)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
            code = 0
        except click.ClickException as error:
            _complain(_shown(error.format_message()))
            code = error.exit_code
        except BadInput as error:
            _complain(_shown(str(error)))
            code = 2
        except RunFailed as error:
            # An interpreter's traceback has several lines; nothing else in them is passed on.
            _complain("\n".join(map(_shown, str(error).splitlines())))
        except (click.Abort, KeyboardInterrupt):
            _complain("stopped")
            code = 130
        except BrokenPipeError:  # `ionwand check x.csv | head`
            sys.stderr.close()
        sys.exit(code if isinstance(code, int) else 0)


def _shown(message: str) -> str:
    """Names and values come from outside: what in them would break the line is escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in message)


def _complain(message: str) -> None:
    click.echo(f"ionwand: {message}", err=True)


@click.group(cls=_OneLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ionwand")
def main() -> None:
    """Tools of the iontophoresis wand: simulate it, look at what it did, check it."""


for _module in (
    simulate, emulate, virtual, play, plot, check, bench, build, flash, image, products, journal,
    fleet, certificate,
    status, selftest, faults, polarity, calibrate,
):  # fmt: skip
    main.add_command(_module.command)
