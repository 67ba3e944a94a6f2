"""Long lists in pages: which of them are offered beside the one that is shown."""

from flask import Flask

AROUND = 1
"""Pages on each side of the one that is shown."""


def near(number: int, last: int) -> list[int | None]:
    """The first page, the last one and those around `number`; None where some are left out."""
    offered = {1, last, *range(max(1, number - AROUND), min(last, number + AROUND) + 1)}
    pages: list[int | None] = []
    before = 0
    for page in sorted(offered):
        if page - before == 2:
            pages.append(page - 1)  # a gap would take the same room
        elif page - before > 2:
            pages.append(None)
        pages.append(page)
        before = page
    return pages


def install(app: Flask) -> None:
    """Give templates `pages_near`."""
    app.jinja_env.globals.update(pages_near=near)
