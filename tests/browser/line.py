"""The line of a phone: slow, cut, and back again, for pages with and without scripts."""

from playwright.sync_api import Page

KILOBITS, LATENCY = 400, 400
"""Slow 3G: kbit/s each way, and milliseconds until an answer begins."""


class Line:
    """What a page has to the platform."""

    def __init__(self, page: Page) -> None:
        self._protocol = page.context.new_cdp_session(page)
        self._protocol.send("Network.enable")
        self.slow()

    def slow(self) -> None:
        """As on the way through a station; also after it was cut."""
        self._be(offline=False)

    def cut(self) -> None:
        """Into the tunnel."""
        self._be(offline=True)

    def _be(self, offline: bool) -> None:
        bytes_each_second = KILOBITS * 1000 / 8
        self._protocol.send(
            "Network.emulateNetworkConditions",
            {
                "offline": offline,
                "latency": LATENCY,
                "downloadThroughput": bytes_each_second,
                "uploadThroughput": bytes_each_second,
            },
        )
