"""The sale screen as a whole: who buys, what is in the basket, what remains; and what was done."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.actions.sales.orders import SaleOutcome
from regulars.business.formats import Formats
from regulars.domain.errors import NotFound
from regulars.reports.finding import Person, here_today
from regulars.reports.panel import Panel, member_panel
from regulars.reports.sold_cards import sold_cards
from regulars.sales.models import Sale
from regulars.till import catalogue, pages
from regulars.till.accounts import account_page, open_sales_of, stamps_of
from regulars.till.basket import Basket
from regulars.till.gift_cards import card_tiles
from regulars.till.joining import confirmation, nobody_page
from regulars.till.rewards import count_of
from regulars.till.scanning import verb_of
from regulars.till.selling import Selling
from regulars.till.showing import Showing

JUST_NOW_MINUTES = 60

SHARES = (50_000, 100_000, 150_000, 200_000)
"""Discounts on everything that are one touch away, in millionths."""


def page_of(selling: Selling, screen: pages.SaleScreen | None = None) -> dict[str, Any]:
    """What the whole page needs: the screen, and the tiles beside it."""
    return {
        "screen": screen or screen_of(selling),
        "tiles": catalogue.tiles(selling.shift.business.pk, selling.shift.till_id, selling.formats),
        "kinds": catalogue.kinds_of_free_lines(),
        "cards": card_tiles(selling.formats) if "gift_cards" in selling.shift.features else (),
        "shares": [(f"{each // 10_000}%", selling.formats.percent(each)) for each in SHARES],
    }


def screen_of(selling: Selling) -> pages.SaleScreen:
    """What is swapped when anything changes.

    Raises BadBasketError.
    """
    if selling.outcome is not None:
        return _done(selling, selling.outcome)
    if selling.basket.stage == "who":
        return _who(selling)
    return _sale(selling)


def _who(selling: Selling) -> pages.SaleScreen:
    shift, formats = selling.shift, selling.formats
    today = here_today(shift.business, shift.place_id, at=selling.at)
    return replace(
        _blank(selling, formats),
        today=tuple(
            someone(each.person, formats, _ago(each.paid_at, selling, formats)) for each in today
        ),
        newcomer=_newcomer(selling),
    )


def _sale(selling: Selling) -> pages.SaleScreen:
    quoted = selling.quote()
    if selling.basket.stage == "who":
        return _who(selling)  # The member is no more.
    try:
        panel, formats = _panel(selling)
    except NotFound as refusal:  # An empty basket, which nothing was quoted for.
        selling.refuse(refusal)
        selling.forget()
        return _who(selling)
    screen = replace(_blank(selling, formats), account=_account(selling, panel, formats))
    if quoted is None:
        code = selling.basket.coupon
        return replace(screen, coupon=pages.UsedCoupon(code, "") if code else None)
    showing = Showing(selling.shift, formats, selling.basket, quoted)
    quote = quoted.quote
    return replace(
        screen,
        rows=showing.rows(),
        sums=showing.sums(),
        coupon=showing.coupon(),
        pay=showing.pay(stamps_of(panel, formats) if panel else None),
        seen=f"{quote.most_points},{quote.earned},{quote.to_pay_minor}",
    )


def _done(selling: Selling, outcome: SaleOutcome) -> pages.SaleScreen:
    panel, formats = _panel(selling)
    charged = formats.money(outcome.charged_minor)
    said = {"sum": charged, "rest": formats.money(outcome.to_pay_minor)}
    is_open = outcome.state == Sale.State.OPEN
    done = pages.Done(
        title=_("%(rest)s are still to pay") % said if is_open else _("%(sum)s paid") % said,
        note=_("Receipt %(number)s") % {"number": outcome.number or ""},
        icon="hourglass" if is_open else "check",
        facts=tuple(_facts(outcome, formats, known=panel is not None)),
        sale_id=str(outcome.sale_id),
        change=_change(selling, formats),
        cards=sold_cards(outcome.sale_id, formats, shows_codes=True) if outcome.sells_cards else (),
    )
    fresh = Basket(method=selling.basket.method)
    return replace(
        _blank(selling, formats),
        basket=fresh,
        stage="done",
        account=_account(selling, panel, formats, with_open=False),
        done=done,
    )


def _facts(outcome: SaleOutcome, formats: Formats, *, known: bool) -> list[str]:
    facts = []
    if outcome.state == Sale.State.OPEN:
        said = {"sum": formats.money(outcome.charged_minor - outcome.to_pay_minor)}
        facts.append(_("%(sum)s paid so far") % said)
    if outcome.points_paid:
        said = {"points": formats.points(outcome.points_paid)}
        facts.append(_("%(points)s taken") % said)
    if outcome.earned:
        facts.append(_("%(points)s earned") % {"points": formats.points(outcome.earned)})
    elif known and outcome.state == Sale.State.PAID:
        facts.append(_("No %(unit)s earned") % {"unit": formats.unit_many})
    return facts


def _change(selling: Selling, formats: Formats) -> str:
    return formats.money(selling.change_minor) if selling.change_minor else ""


def _blank(selling: Selling, formats: Formats) -> pages.SaleScreen:
    unit = formats.unit_many
    return pages.SaleScreen(
        basket=selling.basket,
        stage=selling.basket.stage,
        unit=unit[:1].upper() + unit[1:],
        notices=tuple(selling.notices),
        shows_why=selling.shows_why,
        before=selling.before.model_dump_json() if selling.before else "",
        people=tuple(someone(person, formats, note_of(person)) for person in selling.people),
        items=selling.items,
        nobody=nobody_page(selling),
    )


def _panel(selling: Selling) -> tuple[Panel | None, Formats]:
    """Who buys, and how they are told of: by the words of their own programme."""
    member_id = selling.basket.member_id
    if member_id is None:
        return None, selling.formats
    panel = member_panel(selling.shift.business, member_id, at=selling.at)
    one, many = panel.unit_one, panel.unit_many
    return panel, replace(selling.formats, unit_one=one, unit_many=many)


def _account(
    selling: Selling, panel: Panel | None, formats: Formats, *, with_open: bool = True
) -> pages.Account | None:
    if panel is None:
        return None
    has_open = with_open and selling.basket.sale_id is None
    sales = open_sales_of(panel.member_id, formats) if has_open else ()
    account = account_page(panel, formats, sales, card_presented=selling.basket.card_presented)
    ready = count_of(selling, panel, formats) if has_open else ""
    return replace(account, confirm=confirmation(selling, panel), rewards=ready)


def someone(person: Person, formats: Formats, note: str) -> pages.Someone:
    """A person in a list, with the points that they have."""
    is_member = person.member_id is not None
    return pages.Someone(
        verb=verb_of(person),
        name=person.name or person.contact,
        initials=person.initials,
        note=", ".join(filter(None, [person.level, note])),
        points=formats.number(person.available) if is_member else "",
        unit=formats.unit(person.available) if is_member else "",
    )


def note_of(person: Person) -> str:
    return person.contact if person.member_id else _("no account yet")


def _ago(paid_at: datetime, selling: Selling, formats: Formats) -> str:
    """ "paid 2 minutes ago", or at what time."""
    minutes = int((selling.at - paid_at).total_seconds() // 60)
    if not minutes:
        return _("paid just now")
    if minutes < JUST_NOW_MINUTES:
        text = ngettext("paid %(count)s minute ago", "paid %(count)s minutes ago", minutes)
        return text % {"count": formats.number(minutes)}
    return _("paid %(time)s") % {"time": formats.clock(paid_at)}


def _newcomer(selling: Selling) -> str:
    programme = selling.shift.programme
    if programme is None or not programme.joins_at_till:
        return ""
    if not programme.welcome_points:
        return _("Scan a new card or make one for the phone.")
    said = {"points": selling.formats.points(programme.welcome_points)}
    return _("%(points)s to start with. Scan a new card or make one for the phone.") % said
