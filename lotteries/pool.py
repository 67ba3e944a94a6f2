"""The pool of a draw as the database holds it, and the nodes of its tree as the file store does."""

from collections.abc import Sequence
from io import BytesIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from core.context import Context
from core.errors import Refused, message
from lotteries import draw as drawing
from lotteries.models import Draw, Entry

_NODE = 32


def read(session: Session, draw: Draw) -> list[drawing.Entry]:
    """The live entries in ascending order of number."""
    columns = (Entry.number, Entry.weight, Entry.unit, Entry.salt, Entry.lists)
    query = sa.select(*columns).where(Entry.draw_id == draw.id, Entry.state == "live").order_by(Entry.number)
    rows = session.execute(query)
    return drawing.sorted_pool(
        drawing.Entry(number, weight, unit, salt, tuple(lists)) for number, weight, unit, salt, lists in rows
    )


def read_unchanged(session: Session, draw: Draw) -> list[drawing.Entry]:
    """The same after the freeze. Raises `Refused` where an entry is not as it was frozen."""
    pool = read(session, draw)
    if drawing.Tree.over(drawing.leaves(pool)).root.hex() != draw.root:
        raise Refused(message("An entry was changed after the freeze; this draw cannot go on."))
    return pool


def store_tree(ctx: Context, tree: drawing.Tree) -> str:
    """Keep all nodes, level after level; answers the key."""
    nodes = b"".join(node for level in tree.levels for node in level)
    return ctx.files.put(BytesIO(nodes), len(nodes)).key


def proof(ctx: Context, draw: Draw, position: int) -> Sequence[bytes]:
    """The inclusion proof of the leaf at `position`, read node by node (20 of them in a pool of a million)."""
    starts, start, size = [], 0, draw.entries
    while size > 1:
        starts.append(start)
        start, size = start + size, (size + 1) // 2
    found = []
    with ctx.files.open(draw.tree_key or "") as file:
        for level, index in drawing.proof_path(draw.entries, position):
            file.seek((starts[level] + index) * _NODE)
            found.append(file.read(_NODE))
    return found


def position_of(session: Session, draw: Draw, number: str) -> int:
    """The place of the live entry `number` among the leaves."""
    query = sa.select(sa.func.count(Entry.id)).where(
        Entry.draw_id == draw.id, Entry.state == "live", Entry.number < number
    )
    return session.scalar(query) or 0
