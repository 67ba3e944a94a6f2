"""Files, handed in where the question stands."""

from typing import Literal

from pydantic import Field

from forms.handed_in import HandedIn, HandedInType


class FileField(HandedIn):
    """Files inside a page, e.g. a plan beside the questions about it. What stands by itself is an attachment."""

    type: Literal["file"] = "file"
    accept: tuple[Literal["pdf", "jpeg", "png", "heic"], ...] = Field(
        default=("pdf", "jpeg", "png"), min_length=1, description="Kinds of files that are taken."
    )

    @property
    def kinds(self) -> tuple[str, ...]:
        return self.accept


class FileType(HandedInType[FileField]):
    """Files."""

    name = "file"
    definition = FileField
    lasts = False


PLUGIN = FileType()
