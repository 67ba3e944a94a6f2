"""Every address of the site, filled with the ids of an organisation. A new route has to say here how it is filled."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from core.context import Context
from tests.factories import draws
from tests.factories.applications import TOKYO
from tests.factories.organisations import DESK, PROCEDURE, Office

OTHER_CASES = {"correction": "asked", "pay": "unpaid"}
"""The case that the pages of a blueprint are about; `decided` is that of the others."""
FORMS: dict[str, dict[str, Any]] = {
    "apply.start": {},
    "apply.answer": {"do": "save", "name-family": "x"},
    "attachments.change_files": {"do": "next"},
    "authors.decide": {"do": "reject"},
    "correction.answer": {"do": "next", "phone": "09011112222"},
    "correction.keep": {"do": "keep", "phone": "09011112222"},
    "desk.assign": {"clerk": "", "seen": "1"},
    "desk.note": {"note": "x"},
    "desk.request_correction": {"remark-phone": "x", "seen": "1"},
    "desk.step": {"transition": "approve", "seen": "1"},
    "desk.take_next": {},
    "eligibility.answer": {"do": "next"},
    "finish.confirm": {"code": "000000"},
    "finish.declare": {"do": "next", "declared": "truth"},
    "interrupted.return_to": {"code": "000000"},
    "leaving.comment": {"comment": "x"},
    "leaving.discard": {},
    "leaving.keep": {"reason": "long"},
    "lotteries.show": {"number": "1"},
    "messages.answer": {"text": "x", "once": "1"},
    "messages.write": {"text": "x", "once": "1"},
    "my.delete": {},
    "my.sign_out_elsewhere": {},
    "my.taken_over": {"take": "x"},
    "my_companies.add": {"do": "next"},
    "my_companies.change": {"do": "next", "name": "x", "number": "8000020130001"},
    "my_companies.remove": {},
    "my_mandates.accept": {},
    "my_mandates.end": {},
    "my_mandates.invite": {"do": "next"},
    "my_notices.change": {"do": "off"},
    "my_profile.keep": {"do": "next", "phone": "09011112222"},
    "my_profile.store": {"store": "phone"},
    "my_sign_in.check": {"code": "000000"},
    "my_sign_in.out": {},
    "my_sign_in.send": {"email": "other@example.invalid"},
    "page_files.answer": {"do": "save", "name-family": "x"},
    "password.change": {},
    "pay.begin": {"provider": "demo"},
    "pay.demo_press": {"do": "paid"},
    "pay.notified": {},
    "prefill.decide": {"do": "no"},
    "renewal.begin": {},
    "renewal.empty": {},
    "resume.check_code": {"code": "000000"},
    "resume.request_code": {},
    "returning.return_to": {"do": "code"},
    "resume.send": {"email": "other@example.invalid"},
    "satisfaction.keep": {"score": "1"},
    "shared_device.leave": {},
    "sign_in.check": {"email": "nobody@example.invalid", "password": "x"},
    "desk.number": {},
    "sign_in.out": {},
    "status.open_case": {"reference": "TC-2222-2222", "code": "x"},
    "status.withdraw": {},
    "status_access.check": {"code": "000000"},
    "status_access.send": {},
    "together.begin": {"procedure": "tokyo/tax-certificate"},
    "together.decide": {"do": "yes"},
    "verify.upload": {},
}
"""What is posted, by endpoint."""


@dataclass
class World:
    """The application with both organisations filled."""

    app: Flask
    ctx: Context
    offices: dict[str, Office]


def address(app: Flask, rule: Rule, of: Office) -> str | None:
    """The rule's address with the ids of an organisation; none where it has no such thing."""
    blueprint = rule.endpoint.partition(".")[0]
    case = getattr(of, OTHER_CASES.get(blueprint, "decided"))
    if rule.endpoint.startswith("lotteries.receipt"):
        case = of.drawn
    values = {
        "application_id": case and case.id,
        "company_id": of.company_id,
        "desk_id": DESK[of.id],
        "document_id": "certificate" if of.id == TOKYO else "permit",
        "draft_id": of.draft_id,
        "entry": "phone",
        "draw_id": draws.DRAW if of.drawn else None,
        "file_id": of.file_id,
        "issued_id": of.issued_id,
        "event": "moving",
        "filename": "css/base.css",
        "message_file_id": of.message_file,
        "mandate_id": of.mandate_id,
        "moment": "submission",
        "name": "demo",
        "organisation_id": of.id,
        "page_id": "contact",
        "procedure_id": PROCEDURE[of.id],
        "question": "number",
        "provider": None,  # each way there and back has tests of its own
        "proposal_id": of.proposal_id,
        "reference": case and case.reference,
        "token": of.token,
    }
    unknown = rule.arguments - set(values)
    assert not unknown, f"{rule}: say in {__name__} what {unknown} of an organisation are"
    if any(values[name] is None for name in rule.arguments):
        return None
    with app.test_request_context():
        return app.url_map.bind("localhost").build(
            rule.endpoint, {name: values[name] for name in rule.arguments}
        )


def calls(world: World, of: Office) -> Iterator[tuple[Rule, str, str]]:
    """Every route as (rule, method, address)."""
    for rule in world.app.url_map.iter_rules():
        path = address(world.app, rule, of)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            assert method == "GET" or rule.endpoint in FORMS, (
                f"{rule}: say in {__name__} what is posted to it"
            )
            if path is not None:
                yield rule, method, path


def call(client: FlaskClient, endpoint: str, method: str, path: str) -> TestResponse:
    return client.open(path, method=method, data=FORMS[endpoint] if method == "POST" else None)


def access_of(world: World, rule: Rule) -> str:
    return str(getattr(world.app.view_functions[rule.endpoint], "__access__", "public"))
