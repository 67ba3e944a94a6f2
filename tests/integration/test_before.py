"""What the page of a procedure says of its fee before anybody starts."""

import re

import pytest
from flask import Flask

from procedures import loader, versions
from tests.factories.applications import TOKYO

SOURCE = """\
procedure: priced
department: tokyo-taxation
kind: certificate
language: en
title: A priced sample
summary: A sample.
law: {basis: Sample 1, retention: 1 year}
desk: tax
pages:
  - id: request
    title: Request
    fields:
      - {id: copies, type: number, label: How many copies?, min: 1, max: 10}
      - {id: disabled, type: yes_no, label: Do you have a certificate of disability?}
      - {id: email, type: email}
signature: {level: none}
fee:
  when: before_review
  items:
    - {label: Certificates, amount: "300 * copies"}
workflow: {uses: single-review}
issue: [{id: certificate, title: Sample, body: Sample}]
"""
WAIVED = SOURCE.replace("workflow:", "  waive: disabled\nworkflow:")
MAIN = re.compile(r"<main.*</main>", re.S)


def page(app: Flask, source: str) -> str:
    """The words of the procedure's page, in English."""
    context = app.extensions["madoguchi"]
    with context.database.writing(TOKYO) as session:
        versions.publish(session, loader.load(source), "command")
    found = MAIN.search(app.test_client().get(f"/{TOKYO}/priced/?lang=en").text)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_a_fee_for_each_one_says_what_one_costs(app: Flask) -> None:
    text = page(app, SOURCE)
    assert "¥300 times a number that depends on your answers. You see the total before you pay." in text
    assert "¥300, times a number that depends on your answer to: How many copies?" in text


def test_a_waived_fee_says_for_whom(app: Flask) -> None:
    text = page(app, WAIVED)
    assert "Depends on your answers. You see the amount before you pay." in text
    assert "Free of charge Only if this is your answer: Do you have a certificate of disability? Yes" in text


def test_a_fee_that_several_answers_waive_says_which(app: Flask) -> None:
    text = page(app, WAIVED.replace("waive: disabled", 'waive: "disabled or copies > 5"'))
    asked = "How many copies? / Do you have a certificate of disability?"
    assert f"Free of charge In some cases. It depends on your answer to: {asked}" in text


@pytest.mark.parametrize("amount", ["(300 if disabled else 200) * copies", "300 * copies + 140"])
def test_no_price_is_told_where_one_costs_this_or_that(app: Flask, amount: str) -> None:
    text = page(app, SOURCE.replace("300 * copies", amount))
    assert "Depends on your answers." in text
    assert "The amount depends on your answer to:" in text
    assert "¥" not in text


def test_a_list_says_of_such_a_fee_that_it_depends_on_answers(app: Flask) -> None:
    page(app, SOURCE)
    found = app.test_client().get(f"/{TOKYO}/?q=priced&lang=en").text
    assert "Fee depends on your answers" in found
