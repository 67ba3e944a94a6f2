"""To whom a procedure makes itself known (プッシュ型)."""

from pydantic import Field

from procedures.definition.base import Model
from procedures.definition.workflow import Duration
from procedures.expressions import Expression


class Notify(Model):
    """To which residents, of those who want such mails, the platform writes that this procedure may be for them.

    It decides nothing: whether somebody may apply, the form tells.
    """

    likely: Expression = Field(
        description="True: it may be for this resident. It knows `age`, `prefecture`, `city`, `household` (rows with "
        "`age` and `relationship`), `applied` (ids of earlier applications here) and `today`; unknown: no mail."
    )
    again: Duration = Field(
        default="1 year", description="At most one mail in this time; four weeks at least."
    )
