"""Starting on a data folder: what is missing is made, but never a new key beside what an old one encrypted."""

import pytest

from core.context import Context
from core.errors import Misconfigured
from tests.factories.applications import TAX, TOKYO, fill
from web.preparing import prepare


def test_a_lost_key_ring_stops_the_start(catalogue: Context) -> None:
    with catalogue.database.writing(TOKYO) as session:
        fill(session, catalogue, TAX)
    ring = catalogue.settings.data_dir / "keys" / "keyring.json"
    ring.unlink()
    with pytest.raises(Misconfigured, match="back-up"):
        prepare(Context(catalogue.settings))
    assert not ring.exists()
