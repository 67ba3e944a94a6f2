"""`flask procedures diff …`: the tools of authors on the command line."""

import json
from pathlib import Path

from flask import Flask

from core.context import Context
from procedures import versions
from tests.integration.test_procedure_commands import CATALOGUE, app, copy, run, spoil

__all__ = ["app", "copy"]

STORED = CATALOGUE / "tokyo-taxation" / "tax-certificate.yaml"


def test_a_file_against_what_is_published(app: Flask, copy: Path) -> None:
    run(app, "publish")
    spoil(copy, "minutes: ", "minutes: 1")
    result = run(app, "diff", "published", copy)
    assert (result.exit_code, result.output) == (0, "aside         minutes: 5 → 15\n")
    assert run(app, "diff", STORED, "published").output == "no change\n"


def test_versions_by_their_digests(app: Flask, copy: Path, embedded_ctx: Context) -> None:
    run(app, "publish")
    with embedded_ctx.database.reading("tokyo") as session:
        digest = versions.current(session, "tax-certificate").digest
    spoil(copy, "minutes: ", "minutes: 1")
    (change,) = json.loads(run(app, "diff", digest[:12], copy, "--format", "json").output)
    assert (change["kind"], change["before"], change["after"]) == ("setting-changed", "5", "15")
    assert run(app, "diff", "0000000000", copy).output == "Error: no versions begin with 0000000000\n"


def test_nothing_to_compare_with(app: Flask, copy: Path) -> None:
    result = run(app, "diff", copy, "published")
    assert (result.exit_code, result.output) == (1, "Error: no version of tax-certificate is published\n")
    assert run(app, "diff", "published", "published").exit_code == 2
    spoil(copy, "minutes:", "minuts:")
    assert "unknown key 'minuts'" in run(app, "diff", copy, STORED).output
