"""A certificate as PDF, from the same page as the HTML.

By fpdf2, which needs nothing but Python, so that a technician's machine has it; letters are
matplotlib's own DejaVu Sans, which has the µ, the Ω and whatever a name is written with.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from ionwand.calibration import certificate_plots
from ionwand.calibration.certificate_page import Page, Table
from ionwand.calibration.result import Result

_INK, _GREY, _LINE = (29, 36, 48), (93, 104, 119), (222, 226, 232)
_GOOD, _BAD = (21, 128, 61), (194, 65, 12)
_MARGIN_MM = 16
_FONT = "DejaVu"


def render(page: Page, result: Result) -> bytes:
    import logging

    import matplotlib
    from fpdf import FPDF

    logging.getLogger("fontTools").setLevel(logging.ERROR)  # tells of each table it leaves out
    logging.getLogger("fpdf").setLevel(logging.ERROR)  # and of letters that the font lacks

    class Sheet(FPDF):
        """A4 with the certificate's number and the page's at the foot."""

        def footer(self) -> None:
            self.set_y(-12)
            self.set_font(_FONT, size=7)
            self.set_text_color(*_GREY)
            self.cell(0, 4, f"Calibration certificate {page.number} · board {page.board_id}")
            self.set_x(_MARGIN_MM)
            self.cell(0, 4, f"{self.page_no()} / {{nb}}", align="R")

    pdf = Sheet(format="A4")
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for style, name in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
        pdf.add_font(_FONT, style, fonts / name)
    pdf.set_title(f"Calibration certificate {page.number}")
    pdf.set_creator("ionwand")
    pdf.set_creation_date(datetime.fromisoformat(result.when))
    pdf.set_margins(_MARGIN_MM, _MARGIN_MM)
    pdf.c_margin = 0
    pdf.set_auto_page_break(True, 17)
    pdf.add_page()
    _head(pdf, page)
    _facts(pdf, page)
    _outcomes(pdf, page)
    _heading(pdf, "Error against setpoint")
    pdf.image(certificate_plots.errors(result, "png"), w=pdf.epw)
    _small(pdf, f"Green: what is allowed, {page.allowed}. Bars: twice the standard uncertainty of "
                "the meter's reading.")  # fmt: skip
    if result.as_found and result.residuals_na:
        _heading(pdf, "Residuals of the DAC's line, as found")
        pdf.image(certificate_plots.residuals(result, "png"), w=pdf.epw)
    _table(pdf, page.budget, (42, 78, 32, 26))
    _table(pdf, page.coefficients, (52, 12, 22, 22, 18, 36, 16))
    _table(pdf, page.readings, (24, 16, 18, 24, 24, 24, 24, 24))
    if page.notes:
        _heading(pdf, "Notes")
        _body(pdf, page.notes)
    _heading(pdf, "What this certificate does not claim")
    for one in page.not_claimed:
        _body(pdf, f"– {one}")
    pdf.ln(2)
    _small(pdf, f"SHA-256 of the record (JSON): {page.checksum}")
    return bytes(pdf.output())


def _style(pdf: Any, size: float, colour: tuple[int, int, int] = _INK, bold: bool = False) -> None:
    pdf.set_font(_FONT, "B" if bold else "", size)
    pdf.set_text_color(*colour)


def _head(pdf: Any, page: Page) -> None:
    _style(pdf, 8.5, _GREY)
    pdf.cell(0, 5, f"Iontophoresis wand · no. {page.number}", new_x="LMARGIN", new_y="NEXT")
    _style(pdf, 17, bold=True)
    pdf.cell(0, 9, "Calibration certificate", new_x="LMARGIN", new_y="NEXT")
    below = pdf.get_y()
    _sign(pdf, below - 4)
    pdf.set_xy(_MARGIN_MM, below)
    pdf.set_draw_color(*_INK)
    pdf.set_line_width(0.5)
    pdf.line(_MARGIN_MM, pdf.get_y() + 1.5, _MARGIN_MM + pdf.epw, pdf.get_y() + 1.5)
    pdf.ln(4)


def _facts(pdf: Any, page: Page) -> None:
    for name, value in page.facts:
        _style(pdf, 8.5, _GREY)
        pdf.cell(34, 4.6, name)
        _style(pdf, 8.5)
        pdf.multi_cell(0, 4.6, value, new_x="LMARGIN", new_y="NEXT", align="L")
    pdf.ln(2)


def _outcomes(pdf: Any, page: Page) -> None:
    """Three boxes beside each other: as found, as left, uncertainty."""
    boxes = [
        (f"{one.title}: {'within limits' if one.ok else 'outside limits'}", one.worst,
         f"worst error{f'; {one.relative} at most' if one.relative else ''}",
         _GOOD if one.ok else _BAD)
        for one in page.outcomes
    ]  # fmt: skip
    boxes.append(("Uncertainty, k = 2", page.uncertainty, "of the delivered current", _GREY))
    top, width = pdf.get_y(), pdf.epw / len(boxes)
    for index, (title, figure, words, colour) in enumerate(boxes):
        left = _MARGIN_MM + index * width
        pdf.set_fill_color(*colour)
        pdf.rect(left, top, 1.1, 17, style="F")
        for offset, height, size, ink, bold, text in (
            (0, 5, 8.5, colour, True, title), (5, 7, 14, _INK, True, figure),
            (12, 5, 7.5, _GREY, False, words),
        ):  # fmt: skip
            pdf.set_xy(left + 3, top + offset)
            _style(pdf, size, ink, bold)
            pdf.cell(width - 4, height, text)
    pdf.set_xy(_MARGIN_MM, top + 18)


def _heading(pdf: Any, text: str) -> None:
    if pdf.will_page_break(30):
        pdf.add_page()
    pdf.ln(3)
    _style(pdf, 10, bold=True)
    pdf.cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")


def _small(pdf: Any, text: str) -> None:
    _style(pdf, 7.5, _GREY)
    pdf.multi_cell(0, 4, text, new_x="LMARGIN", new_y="NEXT", align="L")


def _body(pdf: Any, text: str) -> None:
    _style(pdf, 8.5)
    pdf.multi_cell(0, 4.6, text, new_x="LMARGIN", new_y="NEXT", align="L")


def _sign(pdf: Any, top: float) -> None:
    """Two lines to write on, beside the title: there they never need a page of their own."""
    pdf.set_draw_color(*_GREY)
    pdf.set_line_width(0.2)
    for left, width, words in ((84, 62, "Name, signature"), (150, 28, "Date")):
        pdf.line(_MARGIN_MM + left, top, _MARGIN_MM + left + width, top)
        pdf.set_xy(_MARGIN_MM + left, top + 0.5)
        _style(pdf, 7, _GREY)
        pdf.cell(width, 3.5, words)


def _table(pdf: Any, table: Table, widths: tuple[int, ...]) -> None:
    from fpdf.enums import TableBordersLayout
    from fpdf.fonts import FontFace

    _heading(pdf, table.title)
    _style(pdf, 7.5)
    pdf.set_draw_color(*_LINE)
    pdf.set_line_width(0.2)
    aligns = tuple("L" if index in table.left else "R" for index in range(len(widths)))
    pdf.set_fill_color(255, 255, 255)
    pdf.c_margin = 1
    head = FontFace(color=_GREY, emphasis="", fill_color=(255, 255, 255))
    with pdf.table(
        col_widths=widths, text_align=aligns, headings_style=head, line_height=3.8,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES, first_row_as_headings=True,
    ) as grid:  # fmt: skip
        for cells in (table.headings, *table.rows):
            row = grid.row()
            for cell in cells:
                row.cell(cell)
    pdf.c_margin = 0
    if table.note:
        pdf.ln(1)
        _small(pdf, table.note)
