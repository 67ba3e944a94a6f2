import pytest

from applications.vault import DraftDocument
from signing.service import address
from tests.factories.procedures import procedure_of

ANSWERED, LATER, DELEGATE = "answered@example.invalid", "later@example.invalid", "delegate@example.invalid"


@pytest.mark.parametrize(
    ("answers", "contact", "acting", "to"),
    [
        ({"mail": ANSWERED}, {"email": LATER}, {}, ANSWERED),
        ({}, {"email": LATER}, {}, LATER),
        ({"mail": ANSWERED}, {}, {"email": DELEGATE}, DELEGATE),
        ({}, {}, {}, None),
    ],
)
def test_the_code_goes_to_whoever_signs(
    answers: dict[str, str], contact: dict[str, str], acting: dict[str, str], to: str | None
) -> None:
    procedure = procedure_of([{"id": "mail", "type": "email", "required": False}])
    document = DraftDocument(answers=dict(answers), contact=dict(contact), acting=dict(acting))
    assert address(procedure, document) == to
