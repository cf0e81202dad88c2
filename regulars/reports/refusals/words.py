"""The words of refusals, by their public codes: what happened, and what to do next.

Each text may name what the refusal carries: ``%(left)s`` is its ``left_minor`` as money, and so on
(``reports.refusing``); ``%(unit)s`` is the programme's word for points.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.domain import (
    coupons,
    giftcards,
    passcodes,
    pins,
    referrals,
    rewards,
)
from regulars.domain.earning import Why
from regulars.domain.purchase import WhyNoLine, WhyNoPayment, WhyNoSale
from regulars.domain.quote import LimitedBy
from regulars.reports.refusals.booking import BOOKING
from regulars.reports.refusals.joining import ENROLMENT
from regulars.reports.refusals.merging import MERGE
from regulars.reports.refusals.selling import (
    LINES_OF_CARDS,
    SOLD_CARDS,
    TOO_MANY_GUESSES,
)
from regulars.reports.refusals.sending import SENDING
from regulars.reports.refusals.setup import (
    CARDS_OFF,
    COUPONS_OFF,
    FEATURE,
    MESSAGE,
    PAYMENTS_OFF,
    TEXT,
)

Words = Mapping[str, Promise]

ERASE: Words = {
    "open_sales": _("A purchase is not paid yet. Pay it or call it off first."),
    "bookings_to_come": _("There are bookings to come. Cancel them first."),
    "erased": _("This has been done already: nothing is known of this customer any more."),
}

OF_ACCOUNT: Words = {
    Why.NO_MEMBER: _("No member is named. Ask for the card, or sell without %(unit)s."),
    Why.NOT_RUNNING: _("The programme does not run now. Sell without %(unit)s."),
    Why.NOT_ACTIVATED: _(
        "This account is not activated yet. Activate it, or sell without %(unit)s."
    ),
    Why.BLOCKED: _("This account is blocked. Sell without %(unit)s, or ask a manager."),
}
"""Why an account can neither spend nor get points."""

GIFT_CARD: Words = {
    giftcards.WhyNot.INACTIVE: _("This gift card is not active yet. Activate it first."),
    giftcards.WhyNot.BLOCKED: _("This gift card is blocked. Ask for another way to pay."),
    giftcards.WhyNot.CLOSED: _("This gift card is closed. Ask for another way to pay."),
    giftcards.WhyNot.EXPIRED: _("This gift card has expired. Ask for another way to pay."),
    giftcards.WhyNot.EMPTY: _("Nothing is left on this gift card. Ask for another way to pay."),
    giftcards.WhyNot.TOO_LITTLE: _(
        "There is not enough on this gift card. Take less, and the rest another way."
    ),
    giftcards.WhyNot.USED: _(
        "Something was paid with this gift card already. It cannot be taken back any more."
    ),
    giftcards.WhyNot.WRONG_STATE: _(
        "This gift card cannot be changed so now. Look at its state first."
    ),
    giftcards.WhyNot.MALFORMED: _("This is no code of a gift card. Check how it is written."),
    giftcards.WhyNot.NO_VALUE: _("This kind has no clear value. Give it one value, or a range."),
    giftcards.WhyNot.POINTS_NEED_VALUE: _(
        "A gift card that is taken for %(unit)s has a fixed value. Enter one."
    ),
    giftcards.WhyNot.PRICE_NEEDS_VALUE: _(
        "A gift card with a price of its own has a fixed value. Enter one, or leave the price out."
    ),
    giftcards.WhyNot.NOT_OFFERED: _(
        "This gift card is not given for %(unit)s. Choose another one, or sell it for money."
    ),
    giftcards.WhyNot.PRICE_CHANGED: _(
        "This gift card takes another number of %(unit)s now. Look at it, and press again."
    ),
    giftcards.WhyNot.NOT_FOR_POINTS: _(
        "This gift card was not taken for %(unit)s. There are none to give back."
    ),
    giftcards.WhyNot.NOTE_MISSING: _(
        "There is money on this gift card. Write down why it is closed."
    ),
    giftcards.WhyNot.BAD_NOTE: _("The note is too long. Shorten it."),
    **SENDING,
    **SOLD_CARDS,
    **CARDS_OFF,
}

COUPON: Words = {
    **COUPONS_OFF,
    coupons.WhyNot.ARCHIVED: _("This coupon is not valid any more. Sell without it."),
    coupons.WhyNot.NOT_YET: _("This coupon is not valid yet. Sell without it today."),
    coupons.WhyNot.EXPIRED: _("This coupon has expired. Sell without it."),
    coupons.WhyNot.USED_UP: _("This coupon has been used as often as it may be. Sell without it."),
    coupons.WhyNot.PURCHASE_TOO_SMALL: _(
        "The purchase is too small for this coupon. Add something, or sell without it."
    ),
    coupons.WhyNot.NOTHING_ELIGIBLE: _(
        "This coupon lowers nothing in this basket. Sell without it."
    ),
    coupons.WhyNot.PERCENT_OR_AMOUNT: _(
        "A coupon takes off a share or an amount. Enter one of the two."
    ),
    coupons.WhyNot.ENDS_BEFORE_START: _("This coupon ends before it begins. Correct the dates."),
    coupons.WhyNot.BAD_CODE: _("This is no code of a coupon. Check how it is written."),
}

REWARD: Words = {
    rewards.WhyNot.NOT_GOODS: _("Gift cards and tips are never a reward. Choose something else."),
    rewards.WhyNot.ARCHIVED: _("This reward is not given any more. Choose another one."),
    rewards.WhyNot.AT_THE_TILL_ONLY: _("This reward is given at the till only. Take it there."),
    rewards.WhyNot.LOYALTY_OFF: _("Loyalty is switched off. Sell it for money instead."),
    rewards.WhyNot.NO_MEMBER: _(
        "A reward needs a member of its programme. Ask for the card, or sell it for money."
    ),
    rewards.WhyNot.NOT_RUNNING: _("The programme does not run now. Sell it for money instead."),
    rewards.WhyNot.CLOSED: _("This account is closed. Sell it for money instead."),
    rewards.WhyNot.BLOCKED: _("This account is blocked. Sell it for money, or ask a manager."),
    rewards.WhyNot.NOT_ACTIVATED: _(
        "This account is not activated yet. Activate it, or sell it for money."
    ),
    rewards.WhyNot.FIRST_TIME_ONLY: _(
        "This reward is for the first time only, and they have had it. Sell it for money instead."
    ),
    rewards.WhyNot.NOT_ENOUGH_POINTS: _(
        "They have too few %(unit)s for this reward. Sell it for money instead."
    ),
}

REFERRAL: Words = {
    referrals.WhyNot.SELF: _("Nobody can refer themselves. Choose who brought them."),
    referrals.WhyNot.ALREADY_REFERRED: _(
        "It is noted already who brought this customer. Leave it as it is."
    ),
    referrals.WhyNot.CIRCLE: _("These two would have brought each other. Choose somebody else."),
    "already_credited": _("The %(unit)s for this referral were given already."),
    "no_member": _("Who brought this customer is no member. Enrol them first."),
    "no_points": _("The programme gives nothing for a referral."),
    Why.NOT_RUNNING: _("The programme does not run now. Nothing can be given for this referral."),
    Why.NOT_ACTIVATED: _(
        "The account of who brought them is not activated yet. Activate it first."
    ),
    Why.BLOCKED: _("The account of who brought them is blocked. Ask a manager."),
    Why.NO_CARD: _("Who brought them has no card. Give them one first."),
}

PASSCODE: Words = {
    passcodes.WhyNot.WRONG: _("This code is wrong. Read it again."),
    passcodes.WhyNot.SWITCHED_OFF: _("Nobody can sign in here now. Ask the business itself."),
    passcodes.WhyNot.EXPIRED: _("This code holds no more. Send a new one."),
    passcodes.WhyNot.TOO_MANY_TRIES: _("This code was told wrong too often. Send a new one."),
    passcodes.WhyNot.TOO_MANY_CODES: _("Too many codes were sent today. Try again tomorrow."),
}

PIN: Words = {
    pins.WhyNot.WRONG: _("This PIN is wrong. Try again."),
    pins.WhyNot.TOO_MANY_TRIES: _(
        "Five wrong PINs: this one is not taken for ten minutes. "
        "Wait, or sign in with the password."
    ),
    pins.WhyNot.NOT_SET: _("There is no PIN yet. Sign in with the password, then set one."),
    pins.WhyNot.NOT_DIGITS: _("A PIN has four to eight digits, and nothing else."),
    pins.WhyNot.TOO_EASY: _("This PIN is guessed first. Choose digits in no order."),
}

LINE: Words = {
    WhyNoLine.COUNT: _("The basket is empty or too full. Put in something, or make two sales."),
    WhyNoLine.QUANTITY: _("The quantity of line %(line)s cannot be so. Enter another one."),
    WhyNoLine.ARCHIVED: _(
        "The item on line %(line)s is not sold any more. Take it out of the basket."
    ),
    WhyNoLine.OWN_PRICE: _(
        "The item on line %(line)s has its own price. Take a discount off it instead."
    ),
    WhyNoLine.INCOMPLETE: _("Line %(line)s is not complete. Say what it is, and its price."),
    WhyNoLine.BAD_NAME: _("The name on line %(line)s is too long. Shorten it."),
    WhyNoLine.TWO_DISCOUNTS: _(
        "Line %(line)s has two discounts. Take off either an amount or a share."
    ),
    WhyNoLine.BAD_DISCOUNT: _(
        "The discount on line %(line)s is more than its price. Enter a smaller one."
    ),
    WhyNoLine.NOT_THE_REWARD: _(
        "The reward on line %(line)s is one piece of its own item. Take it out and choose it anew."
    ),
    **LINES_OF_CARDS,
}

SALE: Words = {
    WhyNoSale.OPEN: _("This sale is not paid yet. Call it off instead of refunding it."),
    WhyNoSale.PAID: _("This sale is paid already. To give something back, make a refund."),
    WhyNoSale.VOID: _("This sale was called off. Nothing of it is left to pay or give back."),
    WhyNoSale.FORFEITED: _("This sale is over, its deposit was kept. Start a new one."),
    WhyNoSale.NO_DEPOSIT: _("This sale has no deposit to keep. Call it off instead."),
    WhyNoSale.TILL_ARCHIVED: _("This till is not used any more. Choose another till."),
    WhyNoSale.BAD_CHANNEL: _("It is not known where this sale comes from. Start it anew."),
    WhyNoSale.BAD_RECEIPT: _("The receipt's number or source is too long. Shorten it."),
    WhyNoSale.BAD_NOTE: _("The note is too long. Shorten it."),
}

PAYMENT: Words = {
    **PAYMENTS_OFF,
    WhyNoPayment.NONE: _("There is no payment yet. Choose how they pay."),
    WhyNoPayment.METHOD: _("This till does not take that. Ask for another way to pay."),
    WhyNoPayment.TOO_MUCH: _("This is more than is still to pay. Take less."),
    WhyNoPayment.GIFT_CARD_FOR_GIFT_CARD: _(
        "A gift card cannot pay for a gift card. Take the rest another way."
    ),
    WhyNoPayment.POINTS_OR_AMOUNT: _("A payment is either %(unit)s or money. Enter one of them."),
    WhyNoPayment.DEPOSIT_IN_POINTS: _("A deposit is not made in %(unit)s. Take money for it."),
    WhyNoPayment.NO_GIFT_CARD_PAYMENT: _(
        "This payment names a gift card and is none. Choose to pay by gift card."
    ),
    WhyNoPayment.NOT_ONLINE: _("Nothing can be paid online here. Choose another way to pay."),
    WhyNoPayment.NOTHING_TO_PAY: _("Nothing is left to pay. Look at the purchase again."),
    WhyNoPayment.OTHER_AMOUNT: _(
        "The payment provider tells of another sum. Ask it what became of this payment."
    ),
    WhyNoPayment.ENDED: _("This payment has ended already. Start another one."),
}

NOT_ALLOWED: Words = {
    "role": _("Your role does not cover this. Ask a manager or the owner to do it."),
    "above_limit": _("This is more than you may do alone. Ask a manager for their PIN."),
    "no_staff": _("Nobody of the staff is signed in for this. Sign in, and try again."),
    "own_approval": _("You cannot approve this yourself. Ask somebody else for their PIN."),
    "no_approver": _("Who approved this does not work here any more. Ask somebody else."),
    "approver_role": _("A cashier cannot approve this. Ask a manager or the owner for their PIN."),
    "approver_limit": _("This is more than they may approve. Ask somebody with a higher limit."),
}

ADJUSTMENT: Words = {
    "note_missing": _("A reason is missing. Write down why the %(unit)s change."),
    "bad_note": _("The reason is too long. Shorten it."),
    "already_over": _("These %(unit)s would have expired already. Choose a later day."),
    "nothing_owed": _("This account owes nothing. There is nothing to write off."),
    "closed": _("This account is closed. Its %(unit)s cannot be changed."),
    Why.NO_MEMBER: _("No member is named. Look for the member first."),
    Why.NOT_RUNNING: _("The programme does not run now. Nothing can be added to this account."),
    Why.NOT_ACTIVATED: _("This account is not activated yet. Activate it first."),
    Why.BLOCKED: _("This account is blocked. Unblock it first, or ask a manager."),
}

STAFF: Words = {"already_there": _("This person works here already. Change their role instead.")}

NO_PAYMENT: Words = {
    **PAYMENTS_OFF,
    LimitedBy.NO_PAYMENT: _("The programme takes no %(unit)s as payment. Take money."),
    LimitedBy.TILL: _("This till takes no %(unit)s. Take money, or go to another till."),
}

BY_WHY: Mapping[str, Words] = {
    "adjustment_refused": ADJUSTMENT,
    "booking_refused": BOOKING,
    "coupon_refused": COUPON,
    "enrolment_refused": ENROLMENT,
    "erase_refused": ERASE,
    "feature_refused": FEATURE,
    "gift_card_refused": GIFT_CARD,
    "line_refused": LINE,
    "member_cannot_spend": OF_ACCOUNT,
    "merge_refused": MERGE,
    "message_refused": MESSAGE,
    "not_allowed": NOT_ALLOWED,
    "passcode_refused": PASSCODE,
    "payment_refused": PAYMENT,
    "pin_refused": PIN,
    "points_are_no_payment": NO_PAYMENT,
    "referral_refused": REFERRAL,
    "text_refused": TEXT,
    "reward_refused": REWARD,
    "sale_refused": SALE,
    "staff_refused": STAFF,
}
"""By the code of the refusal, then by its ``why``."""

WITH_WHAT_IS_LEFT: Mapping[tuple[str, str], Promise] = {
    ("gift_card_refused", giftcards.WhyNot.TOO_LITTLE): _(
        "Only %(left)s is left on this gift card. Take that, and the rest another way."
    ),
    ("payment_refused", WhyNoPayment.TOO_MUCH): _("Only %(left)s is still to pay. Take that."),
    ("payment_refused", WhyNoPayment.GIFT_CARD_FOR_GIFT_CARD): _(
        "Gift cards can pay %(left)s here: they buy no gift card. Take the rest another way."
    ),
}
"""Instead of those above where the refusal says how much is left."""

NOT_FOUND: Words = {
    "address": _("There is no such page. Check the address."),
    "booking": _("This booking is not there. Look for it by name or day."),
    "business": _("This business is not there. Sign in again."),
    "card": _("No member has this card. Check the number, or look by name or phone."),
    "channel": _("Nothing can be sent that way. Choose e-mail or text message."),
    "closure": _("This is open again already. Look at the list again."),
    "contact": _("This contact is not there any more. Look at the customer again."),
    "coupon": _("There is no coupon with this code. Check how it is written."),
    "customer": _("This customer is not there. Look by name, phone or e-mail."),
    "gift card": _("There is no gift card with this code. Check how it is written."),
    "online payment": _("There is no such payment online. Start another one."),
    "gift card kind": _("There is no such kind of gift card. Choose another one."),
    "group": _("This group is not there. Choose another one."),
    "item": _("This item is not in the catalogue. Choose another one."),
    "key": _("This key is not there. It may have been revoked already."),
    "message": _("This message is not there any more. Look at the list again."),
    "message template": _("There are no messages of this kind. Choose another one."),
    "member": _("This member is not there. Look by name, phone or card."),
    "person": _("Nobody signs in with this address. Check how it is written."),
    "place": _("This place is not there. Choose another one."),
    "programme": _("This programme is not there. Choose another one."),
    "referral": _("This referral is not noted. Look at who brought the customer."),
    "reward": _("This reward is not there. Choose another one."),
    "provider": _("Nobody here is that. Choose somebody else."),
    "sale": _("This sale is not there. Check the number of its receipt."),
    "session": _("This class is not held then. Choose another time."),
    "staff": _("Nobody of the staff is that. Choose somebody else."),
    "till": _("This till is not there. Choose another till."),
    "version": _("This version of the programme is not there. Choose another one."),
}
"""By what was looked for."""

FIELDS: Words = {
    "amount_minor": _("The amount"),
    "charged_minor": _("The sum"),
    "change_until_minutes": _("The time until changes"),
    "clear_after_days": _("The number of days"),
    "days_ahead": _("The number of days ahead"),
    "least_minor": _("The least value"),
    "least_purchase_minor": _("The least purchase"),
    "most_minor": _("The highest value"),
    "most_uses": _("The number of uses"),
    "notice_minutes": _("The notice"),
    "percent_ppm": _("The share"),
    "points": _("The number of %(unit)s"),
    "points_price": _("The price in %(unit)s"),
    "price_minor": _("The price"),
    "quantity": _("The quantity"),
    "step_minutes": _("The step"),
    "validity_days": _("The number of days"),
    "value_minor": _("The value"),
    "weeks": _("The number of weeks"),
}
"""What a number is that cannot be so."""

ALONE: Words = {
    "too_many_guesses": TOO_MANY_GUESSES,
    "quote_changed": _(
        "The price or the %(unit)s have changed meanwhile. Look at the new figures and press again."
    ),
    "refund_of_nothing": _("Nothing that is left to refund is chosen. Choose what comes back."),
    "request_id_reused": _(
        "This was sent before with something else in it. Look whether it is done, then start anew."
    ),
}
"""Refusals that one sentence says."""
