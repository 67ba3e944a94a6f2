"""`flask procedures preview`: see a file as applicants would, while writing it."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from core.told import tell
from web.commands.procedures import group
from web.request import context
from web.telling import SPOKEN, echo, language

__all__ = ["group"]


@group.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--port", default=8010, show_default=True, type=click.IntRange(1, 65535))
@SPOKEN
def preview(file: Path, port: int) -> None:
    """Serve FILE on this machine until Ctrl+C, with its examples filled in; saving it shows the change at once.

    It has a database of its own, which is thrown away; nothing is published and nobody is written to.
    """
    from werkzeug.serving import WSGIRequestHandler, make_server

    from web.preview import preview_app

    echo(tell("Please wait a moment …"))
    with TemporaryDirectory(prefix="madoguchi-preview-") as data:
        app = preview_app(file, context().settings, Path(data), language())

        class Quiet(WSGIRequestHandler):
            """Each page asks for a dozen things; a line for each would hide the address."""

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                """Say nothing."""

        server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
        echo(tell("http://localhost:%(port)s/preview/ – Ctrl+C ends it", port=port))
        server.serve_forever()
