"""The sale at work: what each press of the page does to the basket, and what it then says."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from regulars.actions.requests import Request
from regulars.actions.sales.checkout import (
    Quoted,
    checkout,
    pay,
    quote_payment,
    quote_sale,
)
from regulars.actions.sales.orders import Expect, OrderPayment, SaleOutcome
from regulars.business.formats import Formats
from regulars.business.models import Method
from regulars.catalogue.models import Item
from regulars.domain import errors
from regulars.domain.errors import Refusal
from regulars.ledger.models import Operation
from regulars.reports import refusing
from regulars.reports.finding import Person
from regulars.rows import new_id
from regulars.till.basket import BadBasketError, Basket, BasketLine, Payment
from regulars.till.lowering import read_off
from regulars.till.pages import FoundItem, Notice
from regulars.till.shift import Shift
from regulars.till.showing import given_in, kept_to

_OF_POINTS = (
    errors.NotEnoughPoints,
    errors.PointsAboveLimit,
    errors.PointsAreNoPayment,
    errors.MemberCannotSpend,
)

MOST_REPAIRS = 25
"""How often a basket is put right before it is given up."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page showed when it was pressed, to be held to it."""

    most_points: int
    earned: int
    to_pay_minor: int


@dataclass(slots=True)
class Selling:
    """One basket being worked on, by one request."""

    shift: Shift
    basket: Basket
    at: datetime
    formats: Formats
    notices: list[Notice] = field(default_factory=list)
    outcome: SaleOutcome | None = None
    """Set once it is paid, or a deposit taken."""
    change_minor: int = 0
    """Cash to hand back."""
    people: tuple[Person, ...] = ()
    """Whom a text may have meant."""
    items: tuple[FoundItem, ...] = ()
    """What a text may have meant."""
    nobody_is: str = ""
    """A text by which nobody is known."""
    before: Basket | None = None
    """What a press has emptied, to be brought back by the next one."""
    shows_why: bool = False
    """Whether the cashier looks at the reasons, line by line."""
    takes_all: bool = False
    """As many points as may be, once the quote says how many."""

    # What a press does

    def add(self, item_id: UUID) -> None:
        self.basket = self._on_sale().with_line(BasketLine(item_id=item_id))

    def add_reward(self, reward_id: UUID, item_id: UUID) -> None:
        if self.takes_goods_only():
            return
        line = BasketLine(item_id=item_id, reward_id=reward_id)
        self.basket = self._on_sale().with_line(line)

    def takes_goods_only(self) -> bool:
        """Whether an open sale is gone on with; then it is said that this has no place there."""
        if self.basket.sale_id is None:
            return False
        self.say(_("An open sale takes goods and tips only. Sell this by itself afterwards."))
        return True

    def remove(self, at: int) -> None:
        if at < len(self.basket.lines):
            self.basket = self.basket.without_line(at)

    def know(self, member_id: UUID, *, card_presented: bool = False) -> None:
        """Say who buys; rewards that somebody else would have taken go."""
        lines = self.basket.lines
        if member_id != self.basket.member_id:
            lines = tuple(line for line in lines if line.reward_id is None)
        else:  # Shown once is enough.
            card_presented = card_presented or self.basket.card_presented
        self.basket = self.basket.but(
            member_id=member_id,
            stage="sale",
            points=0,
            lines=lines,
            card_presented=card_presented,
        )

    def forget(self) -> None:
        """Say that it is somebody else; what is in the basket stays there."""
        lines = tuple(line for line in self.basket.lines if line.reward_id is None)
        self.basket = self.basket.but(
            member_id=None, stage="who", points=0, lines=lines, card_presented=False
        )

    def sell_to_nobody(self) -> None:
        self.basket = self._on_sale()

    def resume(self, sale_id: UUID) -> None:
        """Go on with a sale that waits for the rest of its price; goods in the basket come too."""
        held = self.basket
        goods = tuple(line for line in held.lines if line.is_goods)
        if len(goods) < len(held.lines) or held.coupon:
            self.basket = held.but(sale_id=sale_id)
            self.takes_goods_only()
        self.basket = Basket(
            sale_id=sale_id,
            member_id=held.member_id,
            card_presented=held.card_presented,
            stage="sale",
            lines=goods,
        )

    def discount(self, at: int, off: str) -> None:
        """Lower a line by an amount ("2.50") or a share of its price ("10%")."""
        try:
            read = read_off(off, self.formats)
            self.basket = self.basket.changed_line(at, off_minor=read.minor, off_ppm=read.ppm)
        except (ValueError, BadBasketError):
            said = {"text": off}
            self.say(
                _("“%(text)s” is no discount. Type an amount, or a share such as 10%%.") % said
            )

    def without_coupon(self) -> None:
        self.basket = self.basket.but(coupon="")

    def hand(self, given: str) -> None:
        """Note the cash in the customer's hand."""
        self.basket = self.basket.but(given=given)

    def split(self, amount: str) -> None:
        """Set a part of the price aside, to be paid by the method that is chosen."""
        self._set_aside(amount, is_deposit=False)

    def _set_aside(self, amount: str, *, is_deposit: bool) -> bool:
        try:
            minor = self.formats.read_money(amount)
        except ValueError:
            minor = 0
        if not minor:
            said = {"text": amount}
            self.say(_("“%(text)s” is no amount. Type a figure such as 12.50.") % said)
            return False
        part = Payment(method=self.basket.method, amount_minor=minor, is_deposit=is_deposit)
        self.basket = self.basket.but(parts=(*self.basket.parts, part))
        return True

    def remove_part(self, at: int) -> None:
        parts = self.basket.parts
        self.basket = self.basket.but(parts=(*parts[:at], *parts[at + 1 :]))

    def restart(self) -> None:
        self.basket = Basket(method=self.basket.method)

    def pay(self, seen: Seen) -> None:
        """Take the whole price, held to what the page showed.

        Sent twice it is one sale: the basket has carried its request id since it was new.
        """
        rest = self._rest(seen)
        given = given_in(self.basket, self.formats) if self.basket.method == Method.CASH else None
        if given is not None and given < rest:
            said = {"given": self.formats.money(given), "rest": self.formats.money(rest - given)}
            self.say(_("%(given)s were given; %(rest)s are missing.") % said)
            return
        try:
            self._take(seen, self.basket.payments(self.shift.business.pk, rest))
        except errors.QuoteChanged as changed:
            self._say_what_changed(seen, changed)
            return
        self.change_minor = given - rest if given and rest else 0

    def _say_what_changed(self, seen: Seen, changed: errors.QuoteChanged) -> None:
        formats = self.formats
        differences = (
            (_("%(unit)s that can pay"), formats.number, seen.most_points, "most_points"),
            (_("%(unit)s earned"), formats.number, seen.earned, "earned"),
            (_("remaining"), formats.money, seen.to_pay_minor, "to_pay_minor"),
        )
        said = []
        for label, write, before, name in differences:
            after = changed.quote[name]
            assert isinstance(after, int), "these three are numbers"
            if after != before:
                arrow = f"{write(before)} \N{RIGHTWARDS ARROW} {write(after)}"
                said.append(f"{label % {'unit': formats.unit_many}} {arrow}")
        text = _("Nothing was taken, since it has changed: %(changes)s. Look, and press again.")
        self.say(text % {"changes": ", ".join(said)})

    def take_deposit(self, seen: Seen, amount: str) -> None:
        """Take a part of the price now; the sale waits for the rest."""
        before = self.basket
        if self._set_aside(amount, is_deposit=True):
            try:
                self._take(seen, self.basket.payments(self.shift.business.pk, 0))
            except Refusal:
                self.basket = before
                raise

    def _rest(self, seen: Seen) -> int:
        return max(seen.to_pay_minor - self.basket.parts_minor, 0)

    def _take(self, seen: Seen, payments: tuple[OrderPayment, ...]) -> None:
        basket = self.basket
        request = Request(basket.request_id, self.at, self.shift.staff.pk)
        expect = Expect(seen.most_points, seen.earned, seen.to_pay_minor)
        try:
            self.outcome = self._ask(request, payments, expect)
        except errors.RequestIdReused:
            self.recall()
            if self.outcome is None:
                self.basket = basket.but(request_id=new_id())
                raise
            self.say(_("This purchase was taken already; here it is."), "good", "check")

    def _ask(
        self, request: Request, payments: tuple[OrderPayment, ...], expect: Expect
    ) -> SaleOutcome:
        business, till_id, basket = self.shift.business, self.shift.till_id, self.basket
        if basket.sale_id is not None:
            more = replace(basket.payment_order(basket.sale_id, till_id, payments), expect=expect)
            return pay(business.pk, more, request=request)
        order = replace(basket.order(till_id, payments), expect=expect)
        return checkout(business.pk, order, request=request)

    def recall(self) -> None:
        """Find what this basket's request did before, if its answer was lost on the way."""
        found = Operation.objects.filter(request_id=self.basket.request_id).values_list(
            "id", "explanation"
        )
        for operation_id, explanation in found:
            if "sale" in (explanation or {}):
                self.outcome = SaleOutcome.of(operation_id, explanation)

    # What it is worth then

    def quote(self) -> Quoted | None:
        """What the basket is worth; what cannot stay in it is taken out, and said.

        None where there is nothing to quote.
        """
        for _again in range(MOST_REPAIRS):
            if self.basket.is_empty:
                return None
            try:
                return self._quote()
            except errors.LineRefused as refusal:
                self.refuse(refusal)
                self.remove(refusal.line - 1)
            except errors.CouponRefused as refusal:
                self._without_coupon(refusal)
            except errors.RewardRefused as refusal:
                self._without_reward(refusal)
            except (errors.NotFound, errors.SaleRefused) as refusal:
                self._without(refusal)
            except errors.BadAmount as refusal:  # Of a gift card whose kind was changed.
                self._without_gift_cards(refusal)
        raise BadBasketError

    def _quote(self) -> Quoted:
        try:
            quoted = self._ask_quote(self.basket.points_payment())
        except _OF_POINTS as refusal:
            self.refuse(refusal)
            self.basket = self.basket.but(points=0)
            quoted = self._ask_quote(())
        if self.takes_all and quoted.quote.most_points:
            self.takes_all = False
            self.basket = self.basket.but(points=quoted.quote.most_points)
            quoted = self._ask_quote(self.basket.points_payment())
        if quoted.account is not None:  # Whose open sale it is.
            self.basket = self.basket.but(member_id=quoted.account.facts.id)
        self.basket = kept_to(self.basket, quoted)
        return quoted

    def _ask_quote(self, points: tuple[OrderPayment, ...]) -> Quoted:
        business, till_id, basket = self.shift.business, self.shift.till_id, self.basket
        if basket.sale_id is not None:
            more = basket.payment_order(basket.sale_id, till_id, points)
            return quote_payment(business.pk, more, at=self.at)
        return quote_sale(business.pk, basket.order(till_id, points), at=self.at)

    def _without_gift_cards(self, refusal: Refusal) -> None:
        lines = tuple(line for line in self.basket.lines if line.gift_card_kind_id is None)
        if len(lines) == len(self.basket.lines):
            raise refusal
        self.refuse(refusal)
        self.basket = self.basket.but(lines=lines)

    def _without_coupon(self, refusal: Refusal) -> None:
        self.refuse(refusal)
        self.basket = self.basket.but(coupon="")

    def _without_reward(self, refusal: errors.RewardRefused) -> None:
        """Take out the first reward that cannot be had, and say which one that was."""
        at = self._refused_reward()
        item = (
            Item.objects.only("name").filter(pk=self.basket.lines[at].item_id or new_id()).first()
        )
        said = {"item": item.name if item else "?", "why": refusing.say(refusal, self.formats)}
        self.say(_("“%(item)s” was taken out of the basket. %(why)s") % said)
        self.remove(at)

    def _refused_reward(self) -> int:
        """Where it stands: all up to it are refused, and all before it are not."""
        lines, till_id = self.basket.lines, self.shift.till_id
        rewards = [at for at, line in enumerate(lines) if line.reward_id is not None]
        for at in rewards[:-1]:
            until = self.basket.but(lines=lines[: at + 1], coupon="")
            try:
                quote_sale(self.shift.business.pk, until.order(till_id), at=self.at)
            except errors.RewardRefused:
                return at
        return rewards[-1]

    def _without(self, refusal: errors.NotFound | errors.SaleRefused) -> None:
        """Take out what is not there any more, or was paid or called off elsewhere."""
        if isinstance(refusal, errors.SaleRefused):
            self.refuse(refusal)
            self.basket = self.basket.but(sale_id=None, points=0, parts=(), request_id=new_id())
        elif refusal.what == "coupon":
            self._without_coupon(refusal)
        elif refusal.what == "member":
            self.refuse(refusal)
            self.forget()
        else:
            self.refuse(refusal)
            self.restart()

    def say(self, text: str, tone: str = "warn", icon: str = "triangle-alert") -> None:
        self.notices.append(Notice(text, tone, icon))

    def refuse(self, refusal: Refusal) -> None:
        self.say(refusing.say(refusal, self.formats))

    def _on_sale(self) -> Basket:
        return self.basket.but(stage="sale")
