"""Fills the sale screen: what a quote found, formatted for the reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from regulars.actions.sales.checkout import Quoted
from regulars.actions.sales.orders import BasketLine as Sold
from regulars.business.formats import MINUS, Formats
from regulars.business.models import Method
from regulars.domain.amounts import PPM
from regulars.domain.coupons import normalise_code
from regulars.domain.earning import Why
from regulars.domain.quote import LimitedBy, LineQuote
from regulars.domain.terms import Kind, Level, Terms
from regulars.giftcards.models import Coupon
from regulars.reports import wording
from regulars.till import pages
from regulars.till.basket import Basket, BasketLine
from regulars.till.shift import Shift

ICONS = {
    Kind.SERVICE: "scissors",
    Kind.CLASS: "calendar-days",
    Kind.PRODUCT: "shopping-bag",
    Kind.TICKET: "ticket",
    Kind.GIFT_CARD: "gift",
    Kind.TIP: "heart-handshake",
}

KINDS: dict[Kind, Promise] = {
    Kind.SERVICE: gettext_lazy("Service"),
    Kind.CLASS: gettext_lazy("Class"),
    Kind.PRODUCT: gettext_lazy("Product"),
    Kind.TICKET: gettext_lazy("Ticket"),
    Kind.GIFT_CARD: gettext_lazy("Gift card"),
    Kind.TIP: gettext_lazy("Tip"),
}

WAYS: dict[Method, tuple[Promise, Promise, str]] = {
    Method.CARD: (gettext_lazy("Card"), gettext_lazy("Take %(sum)s by card"), "credit-card"),
    Method.CASH: (gettext_lazy("Cash"), gettext_lazy("Take %(sum)s in cash"), "banknote"),
    Method.TRANSFER: (
        gettext_lazy("Transfer"), gettext_lazy("Note %(sum)s by transfer"), "landmark",
    ),
    Method.ONLINE: (gettext_lazy("Online"), gettext_lazy("Note %(sum)s online"), "globe"),
}  # fmt: skip
"""What pays the rest, what the button says, and its sign."""

NOTES_AND_COINS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
"""What people hand over, in major units; sums are rounded up to a few of these."""

MOST_HANDS = 4


def given_in(basket: Basket, formats: Formats) -> int | None:
    """The cash in the customer's hand; None where nothing sensible was typed."""
    try:
        return formats.read_money(basket.given)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Showing:
    """One quote being shown, to one cashier."""

    shift: Shift
    formats: Formats
    basket: Basket
    quoted: Quoted

    def rows(self) -> tuple[pages.Row, ...]:
        """The basket, line by line."""
        quote = self.quoted.quote
        explained: Sequence[wording.Line | None] = self.quoted.lines or [None] * len(quote.lines)
        lines = zip(self.quoted.basket, quote.lines, explained, strict=True)
        sold_before = len(quote.lines) - len(self.basket.lines)
        return tuple(
            self._row(at, sold, line, told)
            for at, (sold, line, told) in enumerate(lines, start=-sold_before)
        )

    def _row(self, at: int, sold: Sold, quoted: LineQuote, told: wording.Line | None) -> pages.Row:
        line, formats = sold.line, self.formats
        asked = self.basket.lines[at] if at >= 0 else None
        earns = quoted.why in wording.EARNS
        return pages.Row(
            at=at,
            key=str(at),
            name=sold.name,
            note=self._note(sold),
            icon=ICONS[line.kind],
            price=formats.amount(line.charged_minor),
            was=formats.amount(line.list_minor) if line.is_discounted else "",
            payable=self._in_points(quoted.limit) if self._takes_points else "",
            payable_why=self._payable_why(line.kind, line.charged_minor),
            earns=formats.exact(quoted.exact) if earns else "0",
            earns_why=wording.why_short(told, formats) if told else "",
            why=wording.why(told, formats) if told else "",
            earns_nothing=told is not None and not earns,
            is_memorandum=line.memorandum,
            is_reward=asked is not None and asked.reward_id is not None,
            is_gift_card=asked is not None and sold.card is not None,
            is_fixed=asked is None or asked.reward_id is not None or sold.card is not None,
            quantity=line.quantity,
            off=self._off(asked.off_ppm, asked.off_minor) if asked else "",
        )

    def _note(self, sold: Sold) -> str:
        kind = str(KINDS[sold.line.kind])
        if sold.reward is not None:
            said = {"points": self.formats.points(sold.reward.points)}
            return _("Reward, %(points)s") % said
        if sold.card is not None and sold.card.value_minor != sold.line.list_minor:
            said = {"value": self.formats.money(sold.card.value_minor)}
            return _("Gift card worth %(value)s") % said
        if sold.line.quantity == 1:
            return kind
        said = {
            "count": self.formats.number(sold.line.quantity),
            "price": self.formats.amount(sold.line.list_minor // sold.line.quantity),
        }
        return _("%(count)s \N{MULTIPLICATION SIGN} %(price)s") % said

    def _off(self, ppm: int, minor: int) -> str:
        if ppm:
            return self.formats.percent(ppm)
        return self.formats.amount(minor) if minor else ""

    @property
    def _value(self) -> int:
        """What a point is worth, in minor units; 0 where points are no payment."""
        terms = self._terms
        return (terms.point_value_minor or 0) if terms else 0

    @property
    def _terms(self) -> Terms | None:
        account = self.quoted.account
        return account.terms_at(self.quoted.at) if account else None

    @property
    def _level(self) -> Level | None:
        account, terms = self.quoted.account, self._terms
        return account.level(terms) if account and terms else None

    @property
    def _takes_points(self) -> bool:
        return bool(self._value) and Method.POINTS in self.shift.takes

    def _in_points(self, minor: Fraction) -> str:
        return self.formats.exact(minor / self._value)

    def _payable_why(self, kind: Kind, charged_minor: int) -> str:
        level = self._level
        if level is None or not self._takes_points:
            return ""
        said = {
            "share": self.formats.percent(level.of(kind).payable_ppm),
            "price": self.formats.amount(charged_minor),
        }
        return _("%(share)s of %(price)s") % said

    def coupon(self) -> pages.UsedCoupon | None:
        """The coupon in the basket, and what it takes off beside the discounts of the lines."""
        if not self.basket.coupon or self.basket.sale_id is not None:
            return None
        lines = zip(self.basket.lines, self.quoted.basket, strict=True)
        off = sum(
            sold.line.list_minor - _own_off(asked, sold) - sold.line.charged_minor
            for asked, sold in lines
            if sold.reward is None
        )
        code = normalise_code(self.basket.coupon)
        name = Coupon.objects.filter(code=code).values_list("name", flat=True).first()
        return pages.UsedCoupon(name or code, f"{MINUS}{self.formats.amount(off)}")

    def sums(self) -> pages.Sums:
        quote, formats = self.quoted.quote, self.formats
        pieces = sum(sold.line.quantity for sold in self.quoted.basket)
        count = ngettext("%(count)s item", "%(count)s items", pieces)
        limit = sum((line.limit for line in quote.lines), Fraction(0))
        exact = sum((line.exact for line in quote.lines), Fraction(0))
        charged = sum(sold.line.charged_minor for sold in self.quoted.basket)
        return pages.Sums(
            count=count % {"count": formats.number(pieces)},
            price=formats.amount(charged),
            payable=self._in_points(limit) if self._takes_points else "",
            most=formats.number(quote.most_points),
            exact=formats.exact(exact),
            earned=formats.number(quote.earned),
        )

    def pay(self, stamps: pages.Stamps | None) -> pages.Pay:
        """What remains, after points and parts, and how it can be paid."""
        quote, formats, basket = self.quoted.quote, self.formats, self.basket
        charged = sum(sold.line.charged_minor for sold in self.quoted.basket)
        rest = quote.to_pay_minor - basket.parts_minor
        money = formats.money(rest) if rest else ""
        method = self._method()
        given = given_in(basket, formats)
        return pages.Pay(
            take=self._take(),
            will_earn=formats.points(quote.earned) if self.quoted.account else "",
            earn_note=self._earn_note(),
            stamps=stamps,
            remaining=formats.amount(rest),
            sign=formats.sign,
            of=self._of(charged) if rest != charged else "",
            parts=tuple(self._part(at) for at in range(len(basket.parts))),
            ways=tuple(
                pages.Way(str(way), str(WAYS[way][0]), WAYS[way][2], way == method)
                for way in self._ways()
            ),
            verb=(str(WAYS[method][1]) % {"sum": money} if rest and method else _("Finish")),
            can_pay=not basket.is_empty and (rest == 0 or method is not None),
            is_cash=method == Method.CASH and rest > 0,
            given=basket.given,
            change=formats.money(given - rest) if given is not None and given > rest else "",
            hands=self._hands(rest) if method == Method.CASH else (),
            most_earned=quote.earned,
            takes_gift_cards=Method.GIFT_CARD in self.shift.takes and rest > 0,
        )

    def _of(self, charged: int) -> str:
        """What remains is of; of an open sale, what was paid before too."""
        sum_of = _("of %(sum)s") % {"sum": self.formats.money(charged)}
        now = self.quoted.quote.to_pay_minor + self.basket.points * self._value
        if self.basket.sale_id is None or now == charged:
            return sum_of
        said = {"of": sum_of, "paid": self.formats.money(charged - now)}
        return _("%(of)s, %(paid)s paid before") % said

    def _ways(self) -> Iterable[Method]:
        return (way for way in WAYS if way in self.shift.takes)

    def _method(self) -> Method | None:
        ways = list(self._ways())
        if self.basket.method in ways:
            return self.basket.method
        return ways[0] if ways else None

    def _hands(self, rest: int) -> tuple[str, ...]:
        """The sum itself, and what people give for it: of many, the roundest sums."""
        sums = [rest]
        for note in NOTES_AND_COINS:
            step = note * self.formats.minor_per_major
            rounded = -(-rest // step) * step
            if rounded not in sums and rounded < rest + step and rounded - rest < rest:
                sums.append(rounded)
        exact, *rounded_up = sorted(sums)
        few = [exact, *rounded_up[1 - MOST_HANDS :]]
        return tuple(self.formats.amount(each) for each in few)

    def _part(self, at: int) -> pages.Paid:
        part = self.basket.parts[at]
        label = str(Method(part.method).label)
        if part.label:
            label = f"{label} ···{part.label}"
        if part.is_deposit:
            label = _("Deposit, %(method)s") % {"method": label}
        return pages.Paid(at, label, self.formats.money(part.amount_minor))

    def _take(self) -> pages.Take:
        quote, formats, points = self.quoted.quote, self.formats, self.basket.points
        offered = points or quote.most_points
        return pages.Take(
            most=quote.most_points,
            points=points,
            verb=_("Take %(points)s") % {"points": formats.points(offered)},
            reason=self._limit(),
            value=f"{MINUS}{formats.money(offered * self._value)}" if offered else "",
            none=_("No %(unit)s can pay") % {"unit": formats.unit_many},
            is_shown=self._takes_points,
        )

    def _limit(self) -> str:
        """Why not more: "At most 7: 1% of the price on Silver"."""
        quote, formats, level = self.quoted.quote, self.formats, self._level
        if quote.limited_by is LimitedBy.AVAILABLE and not quote.most_points:
            return _("There are no %(unit)s to use now") % {"unit": formats.unit_many}
        if quote.limited_by is not LimitedBy.SHARE or level is None:
            return wording.limited_by(quote.limited_by, formats)
        shares = {
            level.of(sold.line.kind).payable_ppm
            for sold in self.quoted.basket
            if sold.line.charged_minor
        }
        said = {"most": formats.number(quote.most_points), "level": level.name}
        if len(shares) != 1:
            return _("At most %(most)s: the sum of the lines, rounded down once") % said
        said["share"] = formats.percent(shares.pop())
        several = self._terms is not None and len(self._terms.levels) > 1
        if several:
            return _("At most %(most)s: %(share)s of the price on %(level)s") % said
        return _("At most %(most)s: %(share)s of the price") % said

    def _earn_note(self) -> str:
        """From when what is earned can be used, and until when; of nothing, why."""
        window, formats = self.quoted.quote.window, self.formats
        if not self.quoted.quote.earned:
            return self._why_nothing()
        if window is None:
            return ""
        until = formats.day(formats.last_day(window.usable_until)) if window.usable_until else ""
        if window.usable_from <= self.quoted.at:
            return _("To use until %(day)s") % {"day": until} if until else _("To use at once")
        return _("To use from %(day)s") % {"day": formats.day_at(window.usable_from)}

    def _why_nothing(self) -> str:
        """Where every line has the same reason; else each tells its own."""
        reasons = {line["why"]: line for line in self.quoted.lines or ()}
        if len(reasons) != 1 or reasons.keys() & set(wording.EARNS):
            return ""
        return wording.why(next(iter(reasons.values())), self.formats)


def _own_off(asked: BasketLine, sold: Sold) -> int:
    """What a line's own discount takes off, as the sale counts it."""
    return asked.off_minor or sold.line.list_minor * asked.off_ppm // PPM


def kept_to(basket: Basket, quoted: Quoted) -> Basket:
    """The basket with no more paid than there is to pay, after it has become smaller."""
    points = min(basket.points, quoted.quote.most_points)
    changed = basket if points == basket.points else basket.but(points=points)
    left = quoted.quote.to_pay_minor
    parts = []
    for part in changed.parts:
        amount = min(part.amount_minor, left)
        left -= amount
        if amount:
            parts.append(part.model_copy(update={"amount_minor": amount}))
    return changed if tuple(parts) == changed.parts else changed.but(parts=tuple(parts))


WHY_NOTHING_WORKS: dict[Why, Promise] = {
    Why.NOT_RUNNING: gettext_lazy(
        "The programme is not running now: nothing is earned or spent. What is there stays."
    ),
    Why.NOT_ACTIVATED: gettext_lazy(
        "This account is not activated yet: it neither earns nor spends."
    ),
    Why.BLOCKED: gettext_lazy(
        "This account is blocked: it neither earns nor spends. Ask a manager."
    ),
    Why.CARD_NOT_PRESENTED: gettext_lazy(
        "Only a card that is presented earns. Scan it, or this purchase earns nothing."
    ),
    Why.NO_CARD: gettext_lazy(
        "Only who has a card number earns. Give one, and this purchase counts."
    ),
}
