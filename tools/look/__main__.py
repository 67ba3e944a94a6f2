"""`make look`: every page on a phone and on a desk, light and dark, in Japanese and English, on one sheet to look at.

Pages are found by their addresses, so that a new one is taken by itself; beside them stand what people do wrong, every
kind of question, and long lists. It ends with what reaches beyond a phone's screen or is cut off there.
"""

import shutil
import sys
from collections.abc import Callable

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS, chromium_program
from tests.browser.platform import running
from tests.fixtures import run
from tools.look import forms, many, places
from tools.look.camera import TARGET, Camera, sheet

LANGUAGES = ("ja", "en")


def main(languages: tuple[str, ...] = LANGUAGES) -> int:
    """Fill a platform, start it, take everything, write the sheet; 1 where something does not fit."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    cameras = [Camera(tag) for tag in languages]
    run.begin()
    try:
        world = places.filled(run.folder() / "platform")
        forms.publish(world.ctx)
        platform = running()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_program(), args=FLAGS)
            tours: list[Callable[[Camera], None]] = [
                lambda camera: forms.public(browser, platform, camera),
                lambda camera: places.pages(browser, platform, world, camera),
                lambda camera: forms.journey(browser, platform, camera),
                lambda camera: forms.questions(browser, platform, camera),
                lambda camera: many.pages(browser, platform, world, camera, places.open_page),
                lambda camera: forms.long_lists(browser, platform, camera),
            ]
            for tour in tours:
                if tour is tours[-2]:
                    forms.publish_many(world.ctx)
                    many.rate(world.ctx)
                for camera in cameras:
                    tour(camera)
            browser.close()
    finally:
        run.end()
        sheet(cameras)
    return _report(cameras)


def _report(cameras: list[Camera]) -> int:
    faults = [fault for camera in cameras for fault in camera.faults]
    print("\n".join(faults))
    taken = sum(len(camera.rows) for camera in cameras)
    print(f"{(TARGET / 'index.html')}: {taken} pages, {len(faults)} that do not fit")
    return int(bool(faults))


if __name__ == "__main__":
    raise SystemExit(main(tuple(sys.argv[1:]) or LANGUAGES))
