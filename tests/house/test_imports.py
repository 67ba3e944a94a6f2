"""Who may know whom."""

import subprocess
import sys
from pathlib import Path

from core.settings import ROOT
from tests.house.sources import calls, imports, modules

PLUGINS = ("forms.fields", "workflows.actions", "workflows.effects", "payments.providers", "signing.levels")


def _importers(package: str) -> set[str]:
    names = (package, f"{package}.")
    return {
        path
        for path, tree in modules().items()
        if any(name == names[0] or name.startswith(names[1]) for name in imports(tree))
    }


def test_imports_point_one_way() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_nothing_imports_plugins() -> None:
    for package in PLUGINS:
        inside = package.replace(".", "/") + "/"
        assert {path for path in _importers(package) if not path.startswith(inside)} == set()


def test_stripe_is_one_provider() -> None:
    assert _importers("stripe") == {"payments/providers/stripe.py"}


def test_weasyprint_is_loaded_by_documents_only() -> None:
    assert all(path.startswith("documents/") for path in _importers("weasyprint"))


def test_commits_are_at_the_edge() -> None:
    committing = {path for path, tree in modules().items() if any(calls(tree, "commit"))}
    inner = {path for path in committing if not path.startswith(("web/", "migrations/"))}
    assert inner - {"core/database.py"} == set()


def test_services_do_not_open_transactions() -> None:
    """`Database.writing` is for views, commands and jobs; services are handed a session."""
    openers = {path for path, tree in modules().items() if any(calls(tree, "writing"))}
    assert {path for path in openers if not path.startswith("web/")} <= {
        "procedures/versions.py",
        "core/database.py",
    }
