"""`flask procedures …` for whoever writes them: what editors need."""

import json
from pathlib import Path

import click

from procedures.schema import schema
from web.commands.procedures import group

__all__ = ["group"]

OUT = click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it to a file.")


@group.command("schema")
@OUT
def schema_(out: Path | None) -> None:
    """The JSON Schema of a procedure file, with which editors complete and explain it.

    The house keeps it as procedures/schema.json: after a change of models or field types, write it anew.
    """
    _write(json.dumps(schema(), ensure_ascii=False, indent=1), out)


def _write(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text)
    else:
        out.write_text(f"{text}\n")
        click.echo(f"written: {out}")
