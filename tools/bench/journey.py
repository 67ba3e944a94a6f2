"""The tax certificate, from the catalogue to the status page, as one person after another takes it."""

import random
from dataclasses import dataclass

import sqlalchemy as sa

from core import codes
from core.context import Context
from core.database import EVERYONE
from core.outbox import OutboxMessage
from signing.level import CODE_PURPOSE
from tools.bench.http import Answer, Client, WrongAnswer
from tools.bench.steps import FILING, REFRESH, Step

PROCEDURE = "/tokyo/tax-certificate"
_FAMILIES = ("見本", "例示", "試験", "仮名")
_GIVENS = (("太郎", "タロウ"), ("花子", "ハナコ"), ("次郎", "ジロウ"), ("四葉", "ヨツバ"))


def answers() -> dict[str, str]:
    """What an invented person types, by input name."""
    given, kana = random.choice(_GIVENS)
    number = random.randrange(10**6)
    return {
        "applicant_type": "person",
        "name-family": random.choice(_FAMILIES),
        "name-given": given,
        "name-family_kana": "ミホン",
        "name-given_kana": kana,
        "address-postcode": "1638001",
        "address-prefecture": "東京都",
        "address-city": "新宿区",
        "address-street": f"西新宿{number % 99 + 1}-1",
        "address-building": "見本荘101",
        "email": f"bench{number}@example.invalid",
        "phone": "03-1234-5678",
        "kind": "payment",
        "tax_item": "business",
        "fiscal_year": "2025",
        "copies": str(number % 10 + 1),
        "purpose": "loan",
    }


@dataclass(frozen=True)
class TaxCertificate:
    """The journey; it reads the mailed code where the job worker would, so that no mail is waited for."""

    ctx: Context

    async def whole(self, client: Client) -> None:
        """Every page, filing, status."""
        path, page = await self.until_signing(client)
        await self.file(client, path, page)

    async def until_signing(self, client: Client) -> tuple[str, Answer]:
        """Everything before the code is typed: the path and the page that asks for it."""
        await client.get("catalogue", "/")
        page = await client.get("start page", f"{PROCEDURE}/")
        path = await client.post("start", f"{PROCEDURE}/start", [page.token()])
        typed = answers()
        while not path.endswith("/check"):
            page = await client.get("form page", path)
            own = _on(page, typed)
            if "data-hx-trigger" in page.body:
                page = await client.refresh(path, [page.token(), *own, ("do", "refresh")])
                own = _on(page, typed)
            following = await client.post("save page", path, [page.token(), *own, ("do", "next")])
            if following == path:
                raise WrongAnswer(f"{path} leads to itself")
            path = following
        page = await client.get("check", path)
        declared = [("declared", "truth"), ("declared", "own")]
        path = await client.post("declare", path, [page.token(), *declared, ("do", "next")])
        return path, await client.get("sign page", path)

    async def file(self, client: Client, path: str, page: Answer) -> None:
        """Sign with the code, which files; then the confirmation and the status."""
        filed = await self.sign(client, path, page)
        confirmation = await client.get("confirmation", filed)
        start = confirmation.body.find('href="/status/')
        if start < 0:
            raise WrongAnswer("no way to the status page")
        status = confirmation.body[start + 6 : confirmation.body.index('"', start + 6)]
        await client.get("status", status)

    async def sign(self, client: Client, path: str, page: Answer) -> str:
        """The filing request alone."""
        code = ("code", self._code(path.split("/")[-2]))
        return await client.post(FILING, path, [page.token(), code, ("do", "sign")])

    def _code(self, draft: str) -> str:
        entity = OutboxMessage.entity
        first = f"draft:{draft}:signing:"
        query = sa.select(OutboxMessage.payload).where(entity >= first, entity < f"{first}~")
        with self.ctx.database.reading(EVERYONE) as session:
            salt = session.scalars(query).one()["salt"]
        return codes.code_of(self.ctx, CODE_PURPOSE, draft, salt)


def _on(page: Answer, typed: dict[str, str]) -> list[tuple[str, str]]:
    names = page.names()
    return [(name, value) for name, value in typed.items() if name in names]


@dataclass(frozen=True)
class Repeated:
    """The same requests to the bare application."""

    steps: list[Step]

    async def whole(self, client: Client) -> None:
        """One request after the other, with the same bytes."""
        page = None
        for number, step in enumerate(self.steps):
            if step["method"] == "GET":
                page = await client.get(step["name"], f"/{number}")
            elif page is not None and step["name"] == REFRESH:
                page = await client.refresh(f"/{number}", [page.token(), *step["fields"]])
            elif page is not None:
                await client.post(step["name"], f"/{number}", [page.token(), *step["fields"]])
