"""`ionwand virtual`: the wand in a browser, as one page that needs no net once it is built.

The page is served to this machine alone; opened from disk it works as well.
"""

import contextlib
import http.server
import webbrowser
from pathlib import Path

import click

from ionwand.errors import BadInput
from ionwand.virtual import bundle


@click.command("virtual")
@click.option("--output", default=bundle.OUTPUT, type=click.Path(dir_okay=False, path_type=Path),
              metavar="FILE.html", help="Instead of dist/virtual-wand.html.")  # fmt: skip
@click.option("--build", is_flag=True, help="Only build the page, don't serve it.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N",
              help="Port to serve it at. Default: any that is free.")  # fmt: skip
@click.option("--no-open", is_flag=True, help="Serve it, but leave the browser to you.")
def command(output: Path, build: bool, port: int, no_open: bool) -> int:
    """Play with the wand in a browser: the same firmware, one HTML file."""
    bundle.write(output)
    click.echo(f"page: {output} ({output.stat().st_size / 1e6:.1f} MB, opens from disk too)")
    if build:
        return 0
    with server(output, port) as http_server:
        url = f"http://127.0.0.1:{http_server.server_address[1]}/"
        click.echo(f"serving {url} until Ctrl-C")
        if not no_open:
            webbrowser.open(url)
        with contextlib.suppress(KeyboardInterrupt):
            http_server.serve_forever()
    return 0


def server(output: Path, port: int) -> http.server.ThreadingHTTPServer:
    """A server of this one page, for this machine only."""
    content = output.read_bytes()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path.split("?")[0] in ("/", "/index.html")
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content) if found else 0))
            self.end_headers()
            if found:
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """One person, one page: nothing to log."""

    try:
        return http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    except OSError as error:
        raise BadInput(f"port {port} cannot be used: {error.strerror}") from None
