"""Refusals: requests that were understood and cannot be done."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar


class Refusal(Exception):
    """The request was understood and cannot be done.

    ``code`` is public: clients branch on it, so it is never renamed or reused.
    Attributes of a subclass are public too: they become the error's ``details``.
    """

    code: ClassVar[str]


class BadAmount(Refusal):
    """A number outside what the field can hold: negative, zero or larger than anything real."""

    code = "bad_amount"

    def __init__(self, field: str, amount: int, *, least: int, most: int) -> None:
        super().__init__(f"{field} is {amount}; it must be between {least} and {most}.")
        self.field = field
        self.amount = amount
        self.least = least
        self.most = most


class NotEnoughPoints(Refusal):
    """A spend asked for more points than the unexpired lots hold."""

    code = "not_enough_points"

    def __init__(self, *, asked: int, available: int) -> None:
        super().__init__(f"Asked for {asked} points; {available} available.")
        self.asked = asked
        self.available = available


class PointsAboveLimit(Refusal):
    """More points were offered as payment than this purchase can be paid with."""

    code = "points_above_limit"

    def __init__(self, *, asked: int, most: int, limited_by: str) -> None:
        super().__init__(
            f"At most {most} points can pay for this purchase ({limited_by});"
            f" {asked} were asked for."
        )
        self.asked = asked
        self.most = most
        self.limited_by = limited_by


class PointsAreNoPayment(Refusal):
    """Points were offered where they are no payment: by the programme, or at this till."""

    code = "points_are_no_payment"

    def __init__(self, why: str) -> None:
        super().__init__(f"Points cannot pay here: {why}.")
        self.why = why


class MemberCannotSpend(Refusal):
    """The account may not spend now: not active, blocked, closed, or its programme not running."""

    code = "member_cannot_spend"

    def __init__(self, why: str) -> None:
        super().__init__(f"This account cannot spend points now: {why}.")
        self.why = why


class QuoteChanged(Refusal):
    """What the caller was shown no longer holds; nothing was written."""

    code = "quote_changed"

    def __init__(self, quote: dict[str, object]) -> None:
        super().__init__("The quote has changed since it was shown; look at it again and decide.")
        self.quote = quote


class TermsRefused(Refusal):
    """A programme's terms contradict themselves; ``problems`` says where and how."""

    code = "terms_refused"

    def __init__(self, problems: list[str]) -> None:
        super().__init__("These terms cannot be saved: " + "; ".join(problems) + ".")
        self.problems = problems


class RefundTooLarge(Refusal):
    """A refund asked for more of a line than is left of it."""

    code = "refund_too_large"

    def __init__(self, *, line: int, asked_minor: int, left_minor: int) -> None:
        super().__init__(
            f"Line {line} has {left_minor} left to refund (minor units);"
            f" {asked_minor} were asked for."
        )
        self.line = line
        self.asked_minor = asked_minor
        self.left_minor = left_minor


class RefundOfNothing(Refusal):
    """A refund named no line, or lines with nothing left."""

    code = "refund_of_nothing"

    def __init__(self) -> None:
        super().__init__("This refund names nothing that is left to refund.")


class RewardRefused(Refusal):
    """A reward cannot be taken; ``why`` is one of the codes of ``rewards.WhyNot``."""

    code = "reward_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"This reward cannot be taken now: {why}.")
        self.why = why


class ReferralRefused(Refusal):
    """A referral is oneself, a second one, or a circle."""

    code = "referral_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"This referral cannot be noted: {why}.")
        self.why = why


class TextRefused(Refusal):
    """A text of one's own is too long, no text, or names a variable that there is none of.

    ``most`` is in letters, where it is too long.
    """

    code = "text_refused"

    def __init__(
        self, why: str, *, found: str = "", allowed: Sequence[str] = (), most: int | None = None
    ) -> None:
        known = f" Known are {', '.join(allowed)}; {found} is none of them." if allowed else ""
        limit = f" At most {most} letters." if most is not None else ""
        super().__init__(f"This text cannot be kept: {why}.{known}{limit}")
        self.why = why
        self.found = found
        self.allowed = list(allowed)
        self.most = most


class GiftCardRefused(Refusal):
    """A gift card cannot do this: inactive, blocked, closed, expired, or too little on it."""

    code = "gift_card_refused"

    def __init__(self, why: str, *, left_minor: int | None = None) -> None:
        super().__init__(f"This gift card cannot be used: {why}.")
        self.why = why
        self.left_minor = left_minor


class TooManyGuesses(Refusal):
    """Somebody unknown has tried too many codes that are none; later it works again."""

    code = "too_many_guesses"

    def __init__(self, *, retry_after_seconds: int) -> None:
        super().__init__(f"Too many unknown codes; wait {retry_after_seconds} seconds.")
        self.retry_after_seconds = retry_after_seconds
        self.minutes = -(-retry_after_seconds // 60)


class CouponRefused(Refusal):
    """A coupon does not apply: unknown, outside its time, used up, or a purchase too small."""

    code = "coupon_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"This coupon does not apply: {why}.")
        self.why = why


class RequestIdReused(Refusal):
    """A request id that was used before, with other content."""

    code = "request_id_reused"

    def __init__(self) -> None:
        super().__init__("This request id was used before for something else; make a new one.")


class OutOfOrder(Refusal):
    """A time before the account's last operation."""

    code = "out_of_order"

    def __init__(self, *, at: datetime, last: datetime) -> None:
        super().__init__(
            f"This is dated {at.isoformat()}, before the account's last operation,"
            f" {last.isoformat()}."
        )
        self.at = at
        self.last = last


class MonthClosed(Refusal):
    """A time inside a month that has been closed."""

    code = "month_closed"

    def __init__(self, *, closed_until: date) -> None:
        super().__init__(f"The books are closed up to {closed_until.isoformat()}.")
        self.closed_until = closed_until


class NotFound(Refusal):
    """Something named in the request does not exist in this business."""

    code = "not_found"

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no such {what} in this business.")
        self.what = what


class SaleRefused(Refusal):
    """The sale is not in a state that allows this: already paid, void, refunded, still open.

    ``said`` puts ``why`` into words, for the message; so in the refusals of payments and lines.
    """

    code = "sale_refused"

    def __init__(self, why: str, said: str = "") -> None:
        super().__init__(f"This sale cannot do that: {said or why}.")
        self.why = why


class PaymentRefused(Refusal):
    """A payment that this till or sale cannot take: wrong method, or more than is still to pay."""

    code = "payment_refused"

    def __init__(self, why: str, said: str = "", *, left_minor: int | None = None) -> None:
        super().__init__(f"This payment cannot be taken: {said or why}.")
        self.why = why
        self.left_minor = left_minor


class EnrolmentRefused(Refusal):
    """A customer cannot join or activate: already a member, contact or card number taken."""

    code = "enrolment_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"This cannot be done: {why}.")
        self.why = why


class EraseRefused(Refusal):
    """A customer cannot be erased now: a sale is open, a booking to come, or it was done before."""

    code = "erase_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"This customer cannot be erased: {why}.")
        self.why = why


class MergeRefused(Refusal):
    """Two customers cannot be merged; ``why`` is one of the codes of ``merging.WhyNot``."""

    code = "merge_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"These customers cannot be merged: {why}.")
        self.why = why


class PasscodeRefused(Refusal):
    """A code sent to a customer is wrong, has expired, or was told or sent too often."""

    code = "passcode_refused"

    def __init__(self, why: str, *, tries_left: int | None = None) -> None:
        super().__init__(f"This code cannot be used: {why}.")
        self.why = why
        self.tries_left = tries_left


class NotAllowed(Refusal):
    """The actor's role or limit does not cover this."""

    code = "not_allowed"

    def __init__(self, why: str) -> None:
        hint = " Somebody with a higher limit must do it." if why == "above_limit" else ""
        super().__init__(f"Not allowed: {why}.{hint}")
        self.why = why


class MessageRefused(Refusal):
    """A message cannot be tried again: it has not failed, or nobody knows its address any more."""

    code = "message_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"This message cannot be sent again: {why}.")
        self.why = why


class FeatureRefused(Refusal):
    """A feature cannot be switched so while another one stands as it does."""

    code = "feature_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"This switch cannot be changed: {why}.")
        self.why = why


class LineRefused(Refusal):
    """A line of a purchase makes no sense: unknown or archived item, wrong price or quantity."""

    code = "line_refused"

    def __init__(self, *, line: int, why: str, said: str = "") -> None:
        super().__init__(f"Line {line} cannot be sold: {said or why}.")
        self.line = line
        self.why = why


class AdjustmentRefused(Refusal):
    """A change of points by hand that makes no sense: no reason given, or nothing to change."""

    code = "adjustment_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"These points cannot be changed: {why}.")
        self.why = why


class BookingRefused(Refusal):
    """A booking cannot be made or changed so: not bookable, cancelled, or not over yet."""

    code = "booking_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"This booking cannot do that: {why}.")
        self.why = why


class StaffRefused(Refusal):
    """Somebody cannot be added to the staff: they are there already."""

    code = "staff_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"This person cannot be added to the staff: {why}.")
        self.why = why


class PinRefused(Refusal):
    """A PIN is wrong, was told wrong too often, or may not be chosen."""

    code = "pin_refused"

    def __init__(self, why: str) -> None:
        super().__init__(f"This PIN cannot be used: {why}.")
        self.why = why
