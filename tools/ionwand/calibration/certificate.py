"""`ionwand certificate`: HTML, PDF and JSON of one calibration, from its record.

The HTML file holds its pictures and needs nothing beside it; the JSON is the record itself, from
which all three can be made again.
"""

import json
import os
from pathlib import Path

import click

from ionwand.calibration import certificate_page, certificate_plots
from ionwand.calibration.certificate_read import checked, load
from ionwand.calibration.result import Result
from ionwand.errors import BadInput

_TEMPLATE = Path(__file__).with_name("certificate.html.j2")
_PATH = click.Path(path_type=Path)


def html(result: Result) -> str:
    """The page. Whatever came from outside is escaped, the pictures are our own."""
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    residuals = result.as_found and result.residuals_na
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        page=certificate_page.page(result),
        errors=certificate_plots.errors(result, "svg").decode(),
        residuals=certificate_plots.residuals(result, "svg").decode() if residuals else "",
    )


def pdf(result: Result) -> bytes:
    from ionwand.calibration import certificate_pdf

    return certificate_pdf.render(certificate_page.page(result), result)


def write(result: Result, folder: Path) -> list[Path]:
    """Three files into `folder`, made if need be; their paths. BadInput where that can't be."""
    try:
        checked(result)
    except ValueError as error:
        raise BadInput(f"calibration result: {error}")
    text = json.dumps(result.as_json(), indent=1, ensure_ascii=False) + "\n"
    contents = {"html": html(result).encode(), "pdf": pdf(result), "json": text.encode()}
    stem = certificate_page.stem(result)
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for ending, data in contents.items():
            path = folder / f"{stem}.{ending}"
            beside = path.with_suffix(f".{ending}.part")
            beside.write_bytes(data)
            os.replace(beside, path)
            written.append(path)
    except OSError as error:
        raise BadInput(f"{folder}: {error.strerror}")
    return written


@click.command("certificate")
@click.argument("path", type=_PATH, metavar="RESULT.json")
@click.option("-o", "--out", "folder", type=_PATH, default=Path("."), metavar="DIR",
              show_default="this folder", help="Where the files go; made if need be.")  # fmt: skip
def command(path: Path, folder: Path) -> None:
    """Certificate of a calibration: HTML, PDF and JSON."""
    if folder.suffix.lower() in (".html", ".pdf", ".json") and not folder.is_dir():
        raise BadInput(f"{folder}: a folder is wanted, for three files; give it, or leave out -o")
    for one in write(load(path), folder):
        click.echo(one)
