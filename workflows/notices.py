"""Mails to applicants: short, friendly, in their language. Each says what happened, what is next, and where to look.

A link names the reference only; whoever opens it proves themselves there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from core.errors import Message, message

Link = Literal["status", "pay", "resume", "none"]


@dataclass(frozen=True)
class Notice:
    """One kind of mail. Texts may use ``%(procedure)s``, ``%(reference)s`` and what `workflows.letters` adds for it."""

    subject: Message
    happened: Message
    next: Message | None = None
    link: Link = "status"
    after: Message | None = None
    """What stands below the link."""


NOTICES: Mapping[str, Notice] = {
    "draft_link": Notice(
        message("Continue your application: %(procedure)s"),
        message("You saved an application that you have not sent yet."),
        message("Open this link to go on. We will then send you a code, so that only you can open it."),
        link="resume",
    ),
    "draft_reminder": Notice(
        message("Your saved application: %(procedure)s"),
        message(
            "You saved an application and have not sent it. It is kept until %(until)s and deleted then."
        ),
        message("Open this link to go on. We will then send you a code, so that only you can open it."),
        link="resume",
        after=message(
            "If you do not want to go on, you need not do anything. "
            "With one tap you can tell us why you stopped: %(why)s"
        ),
    ),
    "draft_link_until": Notice(
        message("Continue your application: %(procedure)s"),
        message("You saved an application that you have not sent yet. Send it by %(until)s."),
        message("Open this link to go on. We will then send you a code, so that only you can open it."),
        link="resume",
    ),
    "draft_code": Notice(
        message("Your code: %(code)s"),
        message("Your code to open the saved application: %(code)s"),
        message(
            "It is valid for %(minutes)s minutes. If you did not ask for it, you need not do anything. "
            "Never tell it to anybody."
        ),
        link="none",
    ),
    "sign_in_code": Notice(
        message("Your code: %(code)s"),
        message("Your code to sign in: %(code)s"),
        message(
            "Type it where you were asked for it. It is valid for %(minutes)s minutes. If you did not ask for it, "
            "you need not do anything. Never tell it to anybody."
        ),
        link="none",
    ),
    "mandate_invitation": Notice(
        message("%(name)s asks you to act as a delegate"),
        message("%(name)s wants you to apply for them and gives you a mandate until %(until)s."),
        message(
            "Sign in with this address within %(days)s days to read what it is for, and accept or decline. "
            "If you do not know this person, you need not do anything."
        ),
        link="none",
    ),
    "suggestion": Notice(
        message("A procedure that may be for you"),
        message("%(organisation)s has a procedure that may be for you: “%(procedure)s”. %(summary)s"),
        message(
            "This is no decision, and you need not do anything. Whether you can apply, the form tells. You start here:"
        ),
        link="none",
        after=message(
            "You get this mail because you switched such notices on in your account. We looked at: %(why)s. "
            "You can switch them off at any time, here: %(stop)s"
        ),
    ),
    "signing_code": Notice(
        message("Your code for signing: %(code)s"),
        message("Your code to sign the application: %(code)s"),
        message(
            "Type it where you were asked for it. It is valid for %(minutes)s minutes. If you did not ask for it, "
            "you need not do anything. Never tell it to anybody."
        ),
        link="none",
    ),
    "filed": Notice(
        message("We received your application: %(procedure)s"),
        message("We received your application. Your reference number is %(reference)s."),
        message(
            "We will write to you when something happens. On the status page you see how it stands at any time; "
            "open it with the reference number and the code that was shown when you sent the application."
        ),
    ),
    "status_code": Notice(
        message("Your code: %(code)s"),
        message("Your code to open your application: %(code)s"),
        message(
            "Type it where you were asked for it. It is valid for %(minutes)s minutes. If you did not ask for it, "
            "you need not do anything. Never tell it to anybody."
        ),
        link="none",
    ),
    "payment_due": Notice(
        message("Please pay the fee: %(procedure)s"),
        message("A fee of %(due)s is due for your application."),
        message("Please pay it on this page. We go on as soon as it has arrived."),
        link="pay",
    ),
    "payment_reminder": Notice(
        message("Please remember the fee: %(procedure)s"),
        message("A fee of %(due)s is still due for your application. Please pay it by %(until)s."),
        message(
            "If it has not arrived by then, your application may end. "
            "If you have just paid, you need not do anything."
        ),
        link="pay",
    ),
    "payment_received": Notice(
        message("We received your payment: %(procedure)s"),
        message("Your payment of %(paid)s has arrived. Thank you."),
        message("We go on with your application and write to you when something happens."),
    ),
    "receipt": Notice(
        message("Your receipt: %(procedure)s"),
        message("Thank you for your payment. Your receipt is attached to this mail."),
        message("You find it on the status page too. Anybody can check that it is genuine at %(verify)s."),
    ),
    "refunded": Notice(
        message("We paid money back to you: %(procedure)s"),
        message("We paid back %(refunded)s to you, the way you paid it. It can take some days to arrive."),
        message("The receipt for this payment no longer counts. You need not do anything."),
    ),
    "receipt_corrected": Notice(
        message("Your corrected receipt: %(procedure)s"),
        message(
            "We paid back a part of what you paid: %(refunded)s in all. It can take some days to arrive."
        ),
        message(
            "Your new receipt is attached to this mail. It takes the place of the earlier one, which no longer counts. "
            "Anybody can check that it is genuine at %(verify)s."
        ),
    ),
    "correction_requested": Notice(
        message("Please correct your application: %(procedure)s"),
        message("We looked at your application and need you to correct or complete something."),
        message("The status page says what it is, and takes your answer. Until then your application waits."),
    ),
    "correction_received": Notice(
        message("We received your correction: %(procedure)s"),
        message("We received your correction."),
        message("We go on with your application and write to you when something happens."),
    ),
    "expiry_reminder": Notice(
        message("Your document expires soon: %(procedure)s"),
        message("“%(document)s” is valid until %(valid_until)s."),
        message("If you need it for longer, apply for a new one in time. You start here: %(again)s"),
    ),
    "renewal_reminder": Notice(
        message("Your document expires soon: %(procedure)s"),
        message("“%(document)s” is valid until %(valid_until)s."),
        message(
            "If you need it for longer, renew it now. The form is filled in with your earlier answers; "
            "you check and change them. You start here: %(again)s"
        ),
        link="none",
    ),
    "message": Notice(
        message("A message for you: %(procedure)s"),
        message("The office wrote to you about your application."),
        message("You read the message on the status page, and answer it there."),
    ),
    "news": Notice(
        message("News about your application: %(procedure)s"),
        message("Your application now stands at: %(state)s"),
        message("The status page tells you more."),
    ),
    "approved": Notice(
        message("Approved: %(procedure)s"),
        message("Your application was approved."),
        message("If a document is issued for it, you get it by a separate mail, and on the status page."),
    ),
    "refused": Notice(
        message("Decision on your application: %(procedure)s"),
        message("We are sorry: your application could not be approved."),
        message("The status page says why. If you do not agree, please ask the office what you can do."),
    ),
    "withdrawn": Notice(
        message("Withdrawn: %(procedure)s"),
        message("You withdrew your application. It is closed."),
        message("You can apply again at any time while applications are taken."),
    ),
    "lapsed": Notice(
        message("Your application has ended: %(procedure)s"),
        message("Your application has ended, because its time ran out."),
        message("You can apply again at any time while applications are taken."),
    ),
    "document_issued": Notice(
        message("Your document: %(procedure)s"),
        message("“%(document)s” was issued. It is attached to this mail."),
        message("Anybody can check that it is genuine at %(verify)s."),
    ),
    "lottery_numbered": Notice(
        message("Your lottery number: %(procedure)s"),
        message("Your application takes part in the draw. Your lottery number is %(number)s."),
        message(
            "We write to you after the draw. You can look up the result by your number at %(lotteries)s."
        ),
    ),
    "lottery_result": Notice(
        message("Result of the draw: %(procedure)s"),
        message("The draw has taken place. Your lottery number is %(number)s. Your result: %(result)s"),
        message("Anybody can check the draw at %(lotteries)s."),
    ),
    "lottery_promoted": Notice(
        message("A place became free for you: %(procedure)s"),
        message("You were on the waiting list with the number %(number)s. A place has become free for you."),
        message("We will write to you about the next step."),
    ),
}
