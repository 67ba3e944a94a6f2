"""The house's own Python files, parsed."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from core.settings import ROOT

ROOMS = ("core", "translations", "accounts", "procedures", "forms", "applications", "signing", "payments",
         "documents", "lotteries", "workflows", "satisfaction", "web", "migrations")  # fmt: skip


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the rooms by its path from the root, e.g. ``core/clock.py``."""
    paths = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in paths}


def imports(tree: ast.Module) -> Iterator[str]:
    """Names of what a module imports, wherever in it; ``from a import b`` as ``a.b``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(tree: ast.Module, name: str) -> Iterator[ast.Call]:
    """Calls of a function or method called `name`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = (
                node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
            )
            if called == name:
                yield node


def templates() -> list[Path]:
    """Every HTML template of pages (documents have their own)."""
    return sorted((ROOT / "web" / "templates").rglob("*.html"))
