"""For whom a person acts: themselves, a company of theirs, or somebody who gave them a mandate (代理人).

A draft and the application it becomes carry a small record of it (encrypted), made once at the start:

    {"as": "company", "company": id, "number": …, "name": …, "source": "declared" | service}
    {"as": "delegate", "mandate": id, "for": name, "until": day, "delegate": name, "email": …, "company": {…} | None}

No record: the person acts for themselves. Where a delegate acts, the signature is theirs: codes go to their address.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from accounts import mandates, vault
from accounts.models import Account
from core.context import Context

SELF: Final = "self"
COMPANY: Final = "company"
DELEGATE: Final = "delegate"
Record = dict[str, Any]


@dataclass(frozen=True)
class Role:
    """Somebody to act for; `value` is what a form sends."""

    value: str
    record: Record


def roles(
    session: Session, ctx: Context, account_id: str, department: str, procedure: str, delegates: bool = True
) -> list[Role]:
    """For whom the account may apply here, itself first (a session of `EVERYONE`).

    `delegates` says whether the procedure takes applications of delegates.
    """
    document = vault.read(ctx, session.get_one(Account, account_id))
    found = [Role(SELF, {})]
    found += [Role(f"{COMPANY}:{one['id']}", _company(one)) for one in document.companies]
    for mandate in mandates.got(session, ctx, account_id) if delegates else ():
        if mandate.covers(department, procedure):
            found.append(Role(f"{DELEGATE}:{mandate.id}", _delegate(mandate)))
    return found


def ids(record: Record) -> dict[str, str]:
    """What the audit log and events may say of it: kind and ids, nothing personal."""
    kind = record.get("as")
    if kind == COMPANY:
        return {"acting": COMPANY, "company": record["company"]}
    if kind == DELEGATE:
        return {"acting": DELEGATE, "mandate": record["mandate"]}
    return {}


def _company(company: dict[str, Any]) -> Record:
    return {
        "as": COMPANY,
        "company": company["id"],
        "number": company["number"],
        "name": company["name"],
        "source": company["source"],
    }


def _delegate(mandate: mandates.View) -> Record:
    document = mandate.document
    return {
        "as": DELEGATE,
        "mandate": mandate.id,
        "for": document.mandator,
        "until": mandate.expires_on.isoformat(),
        "delegate": document.delegate,
        "email": document.email,
        "company": document.company,
    }
