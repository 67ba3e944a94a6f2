"""One page of ten fields, shown and saved again and again."""

from pathlib import Path

from core.context import Context
from procedures import versions
from tools.bench.http import Client
from tools.bench.journey import answers
from tools.bench.measure import Load, load

FILE = Path(__file__).parent / "tokyo-taxation" / "ten-fields.yaml"
PROCEDURE = "/tokyo/ten-fields"
_TIMES = 20


def publish(ctx: Context) -> None:
    """Make the procedure with that page known to the server."""
    versions.publish_files(ctx.database, ctx.settings.catalogue_dir, [FILE])


async def ten_fields(port: int, server: int, clients: int, seconds: float) -> dict[str, Load]:
    """What showing and what saving such a page costs."""

    async def opened(client: Client) -> str:
        page = await client.get("start page", f"{PROCEDURE}/")
        return await client.post("start", f"{PROCEDURE}/start", [page.token()])

    async def shown(client: Client) -> None:
        path = await opened(client)
        for _ in range(_TIMES):
            await client.get("page of ten", path)

    async def saved(client: Client) -> None:
        path = await opened(client)
        page = await client.get("page of ten", path)
        typed = {name: value for name, value in _typed().items() if name in page.names()}
        for _ in range(_TIMES):
            await client.post("save ten", path, [page.token(), *typed.items(), ("do", "next")])

    return {
        "shown": (await load(port, server, shown, clients, seconds))[0],
        "saved": (await load(port, server, saved, clients, seconds))[0],
    }


def _typed() -> dict[str, str]:
    born = {"born-era": "ce", "born-year": "1990", "born-month": "5", "born-day": "1"}
    return {**answers(), **born, "price": "12000", "company": "株式会社見本", "details": "見本です。"}
