"""`notify: <notice>`: mail the applicant one of the notices that `workflows.notices` knows; `notify: none`: no mail,
where a state would send one by itself."""

from pydantic import ConfigDict, RootModel, field_validator
from sqlalchemy.orm import Session

from core.context import Context
from core.told import tell
from workflows import moves, notices
from workflows.action import Action
from workflows.case import Case

NONE = "none"


class NoticeName(RootModel[str]):
    """The name of the notice."""

    model_config = ConfigDict(frozen=True)

    @field_validator("root")
    @classmethod
    def _known(cls, name: str) -> str:
        known = {NONE, *notices.NOTICES}
        if name not in known:
            raise ValueError(
                tell(
                    "no notice named '%(name)s'; known: %(notices)s",
                    name=name,
                    notices=", ".join(sorted(known)),
                )
            )
        return name


class Notify(Action):
    """Mails the applicant."""

    name = "notify"
    Options = NoticeName

    def perform(self, session: Session, ctx: Context, case: Case, options: NoticeName) -> None:  # noqa: ARG002
        """Add the mail to the outbox, once for each time the state is entered."""
        if options.root != NONE:
            moves.mail(session, case.application.id, options.root, case.application.row_version)


PLUGIN = Notify()
