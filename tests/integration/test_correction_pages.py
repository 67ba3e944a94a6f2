"""What is typed into a correction is kept meanwhile, and handed in once."""

import re
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from applications import queries
from applications.filing import Filed
from applications.models import Correction
from core.context import Context
from payments import ledger
from tests.factories.applications import MIHON, RESTAURANT, SIGNS, TOKYO, clerk, filed, owner
from tests.factories.browsers import heading
from tests.factories.papers import pdf, photo
from tests.factories.payments import FEE, LINES
from tests.factories.typed_pages import OWN, STORY, asked_to_correct, holder
from workflows import correction_page, corrections


@pytest.fixture
def case(catalogue: Context) -> Filed:
    return asked_to_correct(catalogue)


class TestCorrection:
    """What is typed into a correction is kept meanwhile, and handed in once."""

    @pytest.fixture
    def client(self, app: Flask, case: Filed) -> FlaskClient:
        return holder(app, case)

    @pytest.fixture
    def path(self, case: Filed) -> str:
        return f"/status/{case.application.reference}/correction"

    def test_it_is_kept_while_somebody_types(self, client: FlaskClient, path: str) -> None:
        answer = client.post(f"{path}/keep", data={"phone": "０９０ <b>", "do": "keep", "csrf_token": "x"})
        assert (answer.status_code, answer.text) == (204, "")
        page = client.get(path).text
        assert 'value="０９０ &lt;b&gt;"' in page
        assert "error-summary" not in page

    def test_an_older_state_that_comes_late_changes_nothing(self, client: FlaskClient, path: str) -> None:
        for number, phone in ((2, "newer"), (1, "older")):
            client.post(f"{path}/keep", data={"phone": phone, "page:turn": f"abc-{number}"})
        assert 'value="newer"' in client.get(path).text

    def test_nor_does_one_from_before_a_button_was_pressed(self, client: FlaskClient, path: str) -> None:
        client.post(path, data={"phone": "newer", "page:turn": "abc-2", "do": "lang:en"})
        client.post(f"{path}/keep", data={"phone": "older", "page:turn": "abc-1"})
        assert 'value="newer"' in client.get(path).text
        client.post(path, data={"phone": "pressed", "page:turn": "abc-0", "do": "lang:en"})
        assert 'value="pressed"' in client.get(path).text, "a button counts, however late"

    def test_it_is_sealed(self, client: FlaskClient, path: str, catalogue: Context) -> None:
        client.post(f"{path}/keep", data={"phone": STORY})
        with catalogue.database.reading(TOKYO) as session:
            [row] = session.scalars(sa.select(Correction))
            assert STORY.encode() not in row.document

    def test_sent_twice_it_is_handed_in_once(
        self, client: FlaskClient, path: str, catalogue: Context, case: Filed
    ) -> None:
        """The answer to the first time got lost."""
        typed = {"phone": "09012345678", "email": "sample@example.invalid", "do": "next"}
        for _ in range(2):
            answer = client.post(path, data=typed)
            assert (answer.status_code, answer.location) == (303, path.removesuffix("/correction"))
        with catalogue.database.reading(TOKYO) as session:
            assert queries.get(session, case.application.id).answers_version == 2

    def test_another_tab_is_told_that_it_was_sent(self, client: FlaskClient, path: str) -> None:
        typed = {"phone": "09012345678", "email": "sample@example.invalid", "do": "next"}
        client.post(path, data=typed)
        answer = client.post(path, data=typed | {"phone": "09087654321"})
        assert (answer.status_code, heading(answer)) == (409, "This correction was already sent.")
        assert f'href="{path.removesuffix("/correction")}"' in answer.text

    def test_what_came_after_it_was_sent_is_not_kept(self, client: FlaskClient, path: str) -> None:
        typed = {"phone": "09012345678", "email": "sample@example.invalid", "do": "next"}
        client.post(path, data=typed)
        assert client.post(f"{path}/keep", data=typed).status_code == 409


def _asked(catalogue: Context, procedure: str, desk: str, *named: str) -> Filed:
    """A case in which `named` are to be corrected."""
    made, office = filed(catalogue, procedure, language="en"), owner(procedure)
    reviewer = clerk(catalogue, office, "once-more", ("reviewer", desk))
    with catalogue.database.writing(office) as session:
        seen = queries.get(session, made.application.id).row_version
        remarks = dict.fromkeys(named, "?")
        corrections.request_correction(session, catalogue, made.application.id, reviewer, seen, remarks)
    return made


def test_what_was_unticked_stays_unticked(app: Flask, catalogue: Context) -> None:
    """A browser sends nothing of boxes that are empty: what was handed in does not come back for that."""
    made = _asked(catalogue, RESTAURANT, "food_safety", "foods")
    client, path = holder(app, made), f"/status/{made.application.reference}/correction"
    boxes = re.compile(r'type="checkbox"[^>]* checked')
    assert boxes.search(client.get(path).text)
    app.config["WTF_CSRF_ENABLED"] = True
    again = client.post(path, data={"do": "next", "csrf_token": "x"}, headers=OWN)
    app.config["WTF_CSRF_ENABLED"] = False
    assert again.status_code == 422
    assert not boxes.search(again.text)
    assert client.post(f"{path}/keep", data={"do": "keep"}).status_code == 204
    assert not boxes.search(client.get(path).text)


def test_a_photo_sent_twice_is_handed_in_once(app: Flask, catalogue: Context) -> None:
    """The answer to the first time got lost."""
    made = _asked(catalogue, "recruitment-exam", "recruitment", "photo")
    client, path = holder(app, made), f"/status/{made.application.reference}/correction"
    for _ in range(2):
        answer = client.post(path, data={"do": "next", "photo-file": (BytesIO(photo()), "new.jpg")})
        assert (answer.status_code, answer.location) == (303, path.removesuffix("/correction"))
    other = client.post(path, data={"do": "next", "photo-kept": "1" * 32})
    assert other.status_code == 409


def test_what_would_change_the_fee_is_said_and_kept(app: Flask, catalogue: Context) -> None:
    """A fee that was charged stays, and what was typed and chosen is not lost for that."""
    made = _asked(catalogue, SIGNS, "advertising", "signs", "design")
    id = made.application.id
    with catalogue.database.writing(MIHON) as session:
        ledger.charge(session, id, LINES, FEE)
        asked = correction_page.form(session, catalogue, id)
        assert asked
    stored = _stored(catalogue)
    typed = {name: values for name, values in asked.raw.items() if name.startswith("signs-")}
    data = {**typed, "signs-0-width": "9", "do": "next", "file-design": (BytesIO(pdf()), "new.pdf")}
    client, path = holder(app, made), f"/status/{made.application.reference}/correction"
    answer = client.post(path, data=data)
    assert (answer.status_code, "would change the fee" in answer.text) == (422, True)
    assert _stored(catalogue) == stored + 1
    again = client.get(path).text
    assert re.search(r'name="signs-0-width"[^>]*value="9"', again)
    assert "new.pdf" in again


def _stored(ctx: Context) -> int:
    return sum(one.is_file() for one in (ctx.settings.data_dir / "files").rglob("*"))


def test_files_of_a_correction_stay_in_another_language(app: Flask, catalogue: Context) -> None:
    """Chosen, and not sent yet."""
    made = _asked(catalogue, SIGNS, "advertising", "design")
    client, path = holder(app, made), f"/status/{made.application.reference}/correction"
    data = {"do": "lang:ko", "file-design": (BytesIO(pdf()), "새 도안.pdf")}
    answer = client.post(path, data=data)
    assert (answer.status_code, answer.location) == (303, path)
    assert "새 도안.pdf" in client.get(path).text
    client.post(path, data={"do": "next"})
    with catalogue.database.reading(MIHON) as session:
        assert queries.get(session, made.application.id).answers_version == 2
