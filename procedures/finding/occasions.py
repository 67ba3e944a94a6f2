"""What people have in mind when they look for a procedure: who they are, what is happening in their life."""

from typing import Final

from core.errors import Message, message

AUDIENCES: Final[dict[str, Message]] = {
    "resident": message("For myself or my family"),
    "business": message("For a business or an organisation"),
    "visitor": message("As a visitor"),
}
"""`find_by.for`."""

LIFE_EVENTS: Final[dict[str, Message]] = {
    "moving": message("Moving house"),
    "having_a_child": message("Having a child"),
    "raising_a_child": message("Raising a child"),
    "school": message("Starting or changing school"),
    "marriage": message("Getting married"),
    "divorce": message("Getting divorced"),
    "illness": message("Illness or injury"),
    "disability": message("Living with a disability"),
    "growing_old": message("Growing old"),
    "caring": message("Caring for somebody"),
    "bereavement": message("When somebody has died"),
    "working": message("Looking for work, and working"),
    "losing_a_job": message("Losing a job"),
    "money_worries": message("Money worries"),
    "borrowing_money": message("Borrowing money"),
    "buying_a_home": message("Buying a home"),
    "building": message("Building or rebuilding"),
    "coming_to_japan": message("Coming to live in Japan"),
    "keeping_a_pet": message("Keeping a pet"),
    "driving": message("Driving"),
    "leisure": message("Sports and leisure"),
    "holding_an_event": message("Holding an event"),
    "starting_a_business": message("Starting a business"),
    "opening_a_shop": message("Opening a shop"),
    "running_a_business": message("Running a business"),
    "disaster": message("After a disaster"),
}
"""`find_by.life_events`, in the order in which they are shown."""

CIRCUMSTANCES: Final[dict[str, Message]] = {
    "expecting": message("Expecting a baby"),
    "with_children": message("Living with children"),
    "single_parent": message("Raising children alone"),
    "student": message("Going to school or university"),
    "older": message("65 or older"),
    "disabled": message("Having a disability"),
    "carer": message("Looking after somebody"),
    "out_of_work": message("Without work"),
    "low_income": message("With a low income"),
    "foreign_national": message("Without Japanese nationality"),
    "tenant": message("Renting a home"),
    "homeowner": message("Owning a home"),
    "self_employed": message("Self-employed"),
    "employer": message("Employing people"),
}
"""`find_by.circumstances`, in the order in which they are shown."""

KINDS: Final[dict[str, Message]] = {
    "certificate": message("Certificates"),
    "notification": message("Notifications"),
    "permit": message("Permits"),
    "grant": message("Grants and benefits"),
    "booking": message("Bookings"),
    "lottery": message("Lotteries"),
    "recruitment": message("Recruitment"),
    "petition": message("Petitions"),
    "inspection": message("Inspections"),
    "contract": message("Contracts"),
}
"""`kind`, in the order in which they are shown."""
