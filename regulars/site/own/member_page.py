"""Fills the member's page: what the report found, formatted for the reader."""

from regulars.business.formats import Formats
from regulars.business.models import Business
from regulars.reports.account_filling import Filling, in_groups
from regulars.reports.marks import mark_of
from regulars.reports.membership import Membership
from regulars.reports.persons import initials_of
from regulars.site.own import pages


def business_for_page(business: Business, unit: str) -> pages.Business:
    return pages.Business(business.name, business.slug, unit, mark_of(business.slug))


def member_page(business: Business, seen: Membership, formats: Formats) -> pages.MemberPage:
    """Everything that ``site/points/_account.html`` shows of an account."""
    account = Filling(business, seen, formats).account()
    return pages.MemberPage(
        business=business_for_page(business, formats.unit_many),
        member=_member(seen, formats),
        to_come=account.to_come,
        expiring=account.expiring,
        progress=account.progress,
        lots=account.lots,
        history=account.history,
        pager=account.pager,
    )


def _member(seen: Membership, formats: Formats) -> pages.Member:
    value, owed = seen.terms.point_value_minor, seen.standing.owed
    return pages.Member(
        name=seen.who.name,
        initials=initials_of(seen.who.name),
        level=seen.level.name if len(seen.terms.levels) > 1 else "",
        card_number=in_groups(seen.who.card_number),
        balance=formats.number(seen.balance),
        worth=formats.round_money(seen.balance * value) if value else None,
        owed=formats.number(owed) if owed else None,
        unit=formats.unit(seen.balance),
    )
