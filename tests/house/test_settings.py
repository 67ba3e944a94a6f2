"""Every setting is documented."""

from tools.settings_table import PAGE, table


def test_settings_are_documented() -> None:
    assert PAGE.read_text() == table(), "run: .venv/bin/python -m tools.settings_table"
