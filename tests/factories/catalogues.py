"""Catalogues of many small procedures, published for the two organisations of the fixtures."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import yaml

from core.context import Context
from procedures import loader, versions, yaml_reader
from tests.factories.definitions import CERTIFICATE


def publish_some(
    ctx: Context, organisation: str, procedures: Sequence[dict[str, Any]], at: datetime | None = None
) -> None:
    """Publish the sample under these names, with these keys replaced."""
    sample = yaml_reader.read(CERTIFICATE).data
    del sample["reception"]
    with ctx.database.writing(organisation) as session:
        for changes in procedures:
            source = yaml.dump(sample | changes, Dumper=yaml.CDumper, allow_unicode=True, sort_keys=False)
            versions.publish(session, loader.load(source), "command", at)


def found_by(*words: str, **more: Any) -> dict[str, Any]:
    """The key `find_by`."""
    return {"find_by": {"words": list(words), **more}}
