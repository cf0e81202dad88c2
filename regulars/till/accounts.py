"""Who buys, as the sale screen shows them: figures first, then what has to be said."""

from uuid import UUID

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from regulars.business.formats import Formats
from regulars.domain.earning import Why
from regulars.reports.finding import State
from regulars.reports.panel import Panel, Whose
from regulars.sales.models import Payment, Sale
from regulars.till import pages
from regulars.till.showing import WHY_NOTHING_WORKS

MOST_STAMPS = 30
MOST_OPEN_SALES = 3

_BARRED = {State.NOT_ACTIVATED: Why.NOT_ACTIVATED, State.BLOCKED: Why.BLOCKED}


def account_page(
    panel: Panel,
    formats: Formats,
    open_sales: tuple[pages.OpenSale, ...] = (),
    *,
    card_presented: bool = True,
) -> pages.Account:
    """One account in figures: what there is, what comes, what goes, when they were last here."""
    whose = panel.whose
    return pages.Account(
        member_id=str(panel.member_id),
        name=whose.name or whose.phone or whose.email or _("Without a name"),
        initials=whose.initials,
        level=panel.level.name if panel.has_levels else "",
        contact=contact_beside_name(panel.whose),
        figures=tuple(_figures(panel, formats)),
        notice=_notice(panel, card_presented=card_presented),
        has_card=bool(whose.card_ending),
        wants_card=panel.loyalty_on and _why_not(panel) is Why.NO_CARD,
        open_sales=open_sales,
    )


def contact_beside_name(whose: Whose) -> str:
    """The first contact; of somebody without a name, who is called by it, the other one."""
    contacts = [contact for contact in (whose.phone, whose.email) if contact]
    return next(iter(contacts if whose.name else contacts[1:]), "")


def _figures(panel: Panel, formats: Formats) -> list[pages.Figure]:
    value = panel.terms.point_value_minor
    worth = formats.round_money(panel.available * value) if value else ""
    figures = [
        pages.Figure(
            formats.number(panel.available),
            formats.unit(panel.available),
            _("worth %(sum)s") % {"sum": worth} if worth else "",
        )
    ]
    if panel.pending:
        day = formats.day(panel.coming_day) if panel.coming_day else ""
        figures.append(pages.Figure(formats.number(panel.pending), _("to come"), day))
    if panel.expiring and panel.last_day:
        said = {"day": formats.day(panel.last_day), "when": formats.relative(panel.last_day)}
        figures.append(
            pages.Figure(
                formats.number(panel.expiring), _("expire next"), _("%(day)s, %(when)s") % said
            )
        )
    if panel.owed:
        figures.append(
            pages.Figure(formats.number(panel.owed), _("owed"), _("settled by what comes next"))
        )
    elif panel.last_visit:
        figures.append(
            pages.Figure(
                formats.day(panel.last_visit), _("last visit"), formats.relative(panel.last_visit)
            )
        )
    return figures


def _notice(panel: Panel, *, card_presented: bool) -> pages.Notice | None:
    """Why this account neither earns nor spends now, or earns nothing (C1, S4, C19)."""
    if not panel.loyalty_on:
        return pages.Notice(_("Loyalty is switched off: nothing is earned or spent now."))
    why = _why_not(panel, card_presented=card_presented)
    return pages.Notice(str(WHY_NOTHING_WORKS[why])) if why else None


def _why_not(panel: Panel, *, card_presented: bool = True) -> Why | None:
    why = _BARRED.get(panel.state)
    if why is None and not panel.is_running:
        why = Why.NOT_RUNNING
    if why is None and panel.terms.needs_card and not panel.whose.card_ending:
        why = Why.NO_CARD
    if why is None and panel.terms.needs_card_presented and not card_presented:
        why = Why.CARD_NOT_PRESENTED
    return why


def stamps_of(panel: Panel, formats: Formats) -> pages.Stamps | None:
    """The way to the next level, counted in visits, or in tenths of what has to be spent.

    At the top of what is open to them, the level that is only for others (C8).
    """
    if panel.next is None:
        if not panel.of_others:
            return None
        said = {"level": panel.of_others[0].name}
        return pages.Stamps(_("%(level)s is only for a customer group") % said, 0, 0)
    level, progress = panel.next.level, panel.next.progress
    if level.asks_visits and level.visits <= MOST_STAMPS:
        said = {
            "done": formats.number(min(progress.visits, level.visits)),
            "of": formats.number(level.visits),
            "level": level.name,
        }
        title = _("Visit %(done)s of %(of)s for %(level)s") % said
        return pages.Stamps(title, min(progress.visits, level.visits), level.visits)
    missing = max(level.spend_minor - progress.total_minor, 0)
    if not level.spend_minor:
        return None
    said = {"sum": formats.round_money(missing), "level": level.name}
    done = min(progress.total_minor * 10 // level.spend_minor, 10)
    return pages.Stamps(_("%(sum)s more to %(level)s") % said, max(done, 0), 10)


def open_sales_of(member_id: UUID, formats: Formats) -> tuple[pages.OpenSale, ...]:
    """Sales of a member that wait for the rest of their price, in one statement."""
    paid = (
        Payment.objects.filter(
            business_id=OuterRef("business_id"), sale_id=OuterRef("pk"), removed_by=None
        )
        .values("sale_id")
        .values_list(Sum("amount_minor"))
    )
    found = (
        Sale.objects.filter(member_id=member_id, state=Sale.State.OPEN)
        .annotate(paid_minor=Coalesce(Subquery(paid), 0))
        .order_by("-opened_at")
    )
    return tuple(
        pages.OpenSale(
            id=str(sale.pk),
            title=_("Open since %(day)s: go on") % {"day": formats.day_at(sale.opened_at)},
            left=formats.money(sale.charged_minor - sale.paid_minor),
        )
        for sale in found[:MOST_OPEN_SALES]
    )
