"""Writes the table of settings into docs/operators/settings.md, from the settings themselves."""

from pydantic_core import PydanticUndefined

from core.settings import ROOT, OpenIdProvider, Settings

PAGE = ROOT / "docs" / "operators" / "settings.md"
HEAD = """# Settings

Every setting is an environment variable; what is not set has the default of the embedded size: one machine, no account,
no secret. This page is written by `python -m tools.settings_table`.

| variable | default | what it does |
| --- | --- | --- |
"""

OIDC = """
## Services residents sign in with

Each service has a block of its own, under a name that you choose (letters, digits and `_`); here it is `IDCARD`.
Register `<public address>/my/sign-in/with/idcard/back` there as redirect address. It is the code flow with PKCE (S256).

| variable | default | what it does |
| --- | --- | --- |
"""


def table() -> str:
    """The whole page."""
    rows = []
    for name, field in sorted(Settings.model_fields.items()):
        default = "" if field.default in (None, {}, PydanticUndefined) else f"`{_plain(field.default)}`"
        also = f" (also `{name.upper()}`)" if name in {"port", "data_dir"} else ""
        rows.append(f"| `MADOGUCHI_{name.upper()}`{also} | {default} | {field.description} |")
    return HEAD + "\n".join(rows) + "\n" + OIDC + "\n".join(_provider()) + "\n"


def _provider() -> list[str]:
    return [
        f"| `MADOGUCHI_OIDC__IDCARD__{name.upper()}` "
        f"| {'' if field.default in (None, (), PydanticUndefined) else f'`{field.default}`'} | {field.description} |"
        for name, field in OpenIdProvider.model_fields.items()
    ]


def _plain(default: object) -> str:
    return str(default).replace(f"{ROOT}/", "")


if __name__ == "__main__":
    PAGE.write_text(table())
