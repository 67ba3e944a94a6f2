"""The `flask` command line of the application: its groups are loaded when one is asked for.

A web process answers sooner and stays smaller without what only commands need (importers, spreadsheets, pictures).
"""

import click
from flask.cli import AppGroup

from core.registry import modules


class Commands(AppGroup):
    """The groups of `web.commands`, a file each."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The group of that name, or None."""
        self._load()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all groups, sorted."""
        self._load()
        return super().list_commands(ctx)

    def _load(self) -> None:
        for module in modules("web.commands"):
            self.add_command(module.group)
