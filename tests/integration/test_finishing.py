"""The last pages of a form, where something turns out to be missing on sending."""

from flask.testing import FlaskClient

from core.context import Context
from forms import page as form_page
from procedures import versions
from tests.factories.applications import MIHON, fill


def test_who_mends_what_was_missing_on_sending_is_back_at_the_check(
    catalogue: Context, client: FlaskClient
) -> None:
    with catalogue.database.writing(MIHON) as session:
        draft, document = fill(session, catalogue, "moving-out", phone=None)
        id, asked = draft.id, versions.current(session, "moving-out").procedure.page("notifier")
    assert asked
    with client.session_transaction() as kept:
        kept["drafts"] = [id]
    base = f"/mihon/moving-out/apply/{id}"
    sent = client.post(f"{base}/check", data={"do": "next", "declared": ["truth", "all_agree"]})
    assert sent.headers["Location"].endswith("?mend=1&change=1")
    page = sent.headers["Location"].partition("?")[0]
    typed = form_page.inputs(asked, {**document.answers, "phone": "+81312345678"})
    mended = client.post(f"{page}?mend=1&change=1", data={"do": "next", **typed})
    assert mended.headers["Location"].endswith("/check")
