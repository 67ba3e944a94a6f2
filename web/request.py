"""What a view or command needs of the process it runs in and of the request it answers."""

from functools import cache
from ipaddress import IPv6Address, ip_address
from typing import cast

from flask import current_app, g, request

from accounts import organisations
from core.context import Context
from core.database import EVERYONE


def context() -> Context:
    """The tools of this process: database, keys, files, mail, settings."""
    return cast(Context, current_app.extensions["madoguchi"])


def language() -> str:
    """The tag of the language this page is answered in, e.g. ``ja-simple``."""
    return cast(str, g.language)


def visitor() -> str:
    """Whom tries are counted for: an IPv4 address, or the /64 of an IPv6 one, as nobody gets less than that."""
    given = request.remote_addr or "127.0.0.1"
    try:
        address = ip_address(given)
    except ValueError:  # of a proxy that writes something of its own
        return given
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return f"{IPv6Address(int(address) >> 64 << 64)}/64"


@cache
def zone(organisation_id: str) -> str:
    """The IANA time zone of an organisation; it changes only with a restart."""
    with context().database.reading(EVERYONE) as db:
        return organisations.get(db, organisation_id).timezone
