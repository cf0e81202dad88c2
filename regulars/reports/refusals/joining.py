"""Why nobody joins, gets a card, or moves to another programme; see ``words``."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.domain import cards, joining

Words = Mapping[str, Promise]

ENROLMENT: Words = {
    joining.WhyNot.NOT_THIS_WAY: _("Nobody joins this programme like this. Try another way."),
    joining.WhyNot.PROGRAMME_CLOSED: _("This programme is closed. Choose another one."),
    joining.WhyNot.NOBODY: _(
        "There is nothing to know this customer by. Enter a name, phone, e-mail or card."
    ),
    joining.WhyNot.BAD_TEXT: _("A name or another text is too long. Shorten it."),
    joining.WhyNot.BAD_PHONE: _("This is no phone number. Check it, with the country's code."),
    joining.WhyNot.BAD_EMAIL: _("This is no e-mail address. Check how it is written."),
    joining.WhyNot.CONTACT_TAKEN: _(
        "Another customer has this phone or e-mail. Look for them, or enter another one."
    ),
    joining.WhyNot.ALREADY_MEMBER: _("This customer is a member already. Open their account."),
    joining.WhyNot.NUMBER_TAKEN: _("Another customer has this number. Enter another one."),
    joining.WhyNot.CARD_TAKEN: _("This card belongs to somebody already. Take another card."),
    joining.WhyNot.SECRET_TAKEN: _("This secret code is taken. Choose another one."),
    joining.WhyNot.NO_CARD: _("There is no card yet. Enter the number of a card first."),
    joining.WhyNot.ALREADY_ACTIVE: _("This account is active already. Go on."),
    joining.WhyNot.CONFIRMED_BY_CODE: _(
        "This account is activated by a code. Send it, and ask the customer for it."
    ),
    joining.WhyNot.CONFIRMED_BY_CASHIER: _(
        "This account needs no code. Activate it here, on the spot."
    ),
    joining.WhyNot.LAST_CONTACT: _(
        "This is the only contact, and one has to stay. Add another one first."
    ),
    joining.WhyNot.NO_CONTACT: _(
        "There is no phone or e-mail to send a code to. Ask for one and enter it."
    ),
    joining.WhyNot.CLOSED: _("This account is closed. Enrol the customer anew."),
    joining.WhyNot.SAME_PROGRAMME: _("The account is in this programme. Choose another one."),
    joining.WhyNot.OPEN_SALES: _(
        "The account has a sale still to be paid. Finish it, or call it off."
    ),
    cards.WhyNot.BAD_NUMBER: _("A card number has letters and digits only. Check this one."),
    cards.WhyNot.PAYMENT_CARD: _("This is a bank card. Take the customer's loyalty card."),
    cards.WhyNot.BAD_SECRET: _("A secret code has 3 to 64 letters and digits. Check this one."),
}
