"""Photos, taken with the camera or chosen: set upright, without place and camera, written anew."""

from typing import Literal

from pydantic import Field

from core.errors import message
from forms.handed_in import HandedIn, HandedInType


class ImageField(HandedIn):
    """Photos inside a page: JPEG, PNG or HEIC. They are set upright and lose what says where they were taken."""

    type: Literal["image"] = "image"
    capture: Literal["environment", "user"] | None = Field(
        default=None,
        description="Open the camera at once: the back one (`environment`) or the front one (`user`).",
    )

    @property
    def kinds(self) -> tuple[str, ...]:
        return ("jpeg", "png", "heic")


class ImageType(HandedInType[ImageField]):
    """Photos."""

    name = "image"
    definition = ImageField
    lasts = False
    missing = message("Take or choose a photo for “%(label)s”.").msgid


PLUGIN = ImageType()
