"""Where a field's answer may come from, so that nobody types it twice (once-only): what a resident has stored.

`profile.…` is about the person, `company.…` about the company they act for, `applicant.…` about whichever of the two
applies, `member.…` about one row of the household.
"""

from collections.abc import Mapping
from typing import Final

PROFILE, COMPANY, APPLICANT = "profile", "company", "applicant"

SOURCES: Final[Mapping[str, tuple[str, str]]] = {
    "profile.name": ("person_name", "The person's name with its reading."),
    "profile.full_name": ("text", "The person's name in one line."),
    "profile.kana": ("kana", "The reading of the person's name."),
    "profile.born": ("date", "The date of birth."),
    "profile.address": ("address", "The address."),
    "profile.mailing_address": ("address", "The address for letters, where it is another one."),
    "profile.phone": ("phone", "The telephone number."),
    "profile.email": ("email", "The e-mail address."),
    "profile.bank_account": ("bank_account", "The account that money is paid to."),
    "profile.household": ("group", "The people of the household; their fields say `prefill: member.…`."),
    "applicant.address": ("address", "The address of the person, or of the company they act for."),
    "applicant.phone": ("phone", "The telephone number of the person, or of the company they act for."),
    "company.name": ("text", "The company's name."),
    "company.number": ("corporate_number", "The company's corporate number (法人番号)."),
    "company.address": ("address", "The company's address."),
    "company.representative_title": ("text", "The title of the company's representative."),
    "company.representative": ("person_name", "The name of the company's representative."),
    "company.phone": ("phone", "The company's telephone number."),
}
"""Type of the fields that a source fits, and what it is."""
ROW_SOURCES: Final[Mapping[str, tuple[str, str]]] = {
    "member.name": ("person_name", "The name of a person of the household."),
    "member.born": ("date", "That person's date of birth."),
    "member.relationship": ("choice", "How that person is related to the applicant."),
}
"""The same for the fields of a group with `prefill: profile.household`."""
RELATIONSHIPS: Final = ("spouse", "child", "parent", "sibling", "grandparent", "grandchild", "other")
"""What `member.relationship` is; a choice without this option stays open."""


def fitting(type: str) -> dict[str, str]:
    """The sources that a field of `type` may name, with what they are."""
    every = {**SOURCES, **ROW_SOURCES}
    return {name: meaning for name, (fits, meaning) in every.items() if fits == type}
