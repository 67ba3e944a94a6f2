"""A provider that moves no money: it shows a page of our own that says TEST. The embedded default, and the example
to start a new provider from: a page to go to, and signed notices about what happened there.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from core import clock
from core.context import Context
from core.errors import message
from core.settings import Settings
from payments.provider import Forged, PaymentEvent, Purchase, Started

SIGNATURE: Final = "Demo-Signature"
WINDOW: Final = 300
"""Seconds for which a notice counts."""


class Demo:
    """Pays, declines or cancels at the press of a button."""

    name = "demo"
    title = message("Pay on the test page (no money moves)")
    test = True

    def form_targets(self, settings: Settings) -> tuple[str, ...]:  # noqa: ARG002 - the page is our own
        """None: the page is our own."""
        return ()

    def check(self, settings: Settings) -> None:
        """Nothing to set."""

    def start(self, ctx: Context, purchase: Purchase) -> Started:
        """The test page of the checkout; asking twice is the same page."""
        return Started(purchase.checkout_id, f"{ctx.settings.base_url}/pay/demo/{purchase.checkout_id}")

    def press(self, ctx: Context, checkout_id: str, button: str) -> tuple[bytes, dict[str, str]]:
        """The signed notice (body, headers) that pressing a button of the test page sends."""
        body = json.dumps(
            {"checkout": checkout_id, "outcome": button, "at": clock.now().isoformat()}
        ).encode()
        return body, {SIGNATURE: self._sign(ctx, body)}

    def parse_webhook(self, ctx: Context, raw_body: bytes, headers: Mapping[str, str]) -> list[PaymentEvent]:
        """The one event of a notice. Raises `Forged`."""
        if not hmac.compare_digest(headers.get(SIGNATURE, "").encode(), self._sign(ctx, raw_body).encode()):
            raise Forged("the signature does not fit")
        notice = json.loads(raw_body)
        at = datetime.fromisoformat(notice["at"])
        if abs((clock.now() - at).total_seconds()) > WINDOW:
            raise Forged("the notice is too old")
        checkout, outcome = notice["checkout"], notice["outcome"]
        return [PaymentEvent(f"{checkout}:{outcome}", outcome, checkout, at, checkout, f"demo:{checkout}")]

    def look_up(self, ctx: Context, session_id: str) -> list[PaymentEvent]:  # noqa: ARG002 - it keeps no books
        """Nothing: the test page reports at once, in the same process."""
        return []

    def _sign(self, ctx: Context, body: bytes) -> str:
        return hmac.new(ctx.keyring.derive("payments/demo"), body, "sha256").hexdigest()


PLUGIN = Demo()
