"""What moving an account to another programme comes to, line by line and in plain words (C15)."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.actions.members.moving import Moved
from regulars.business.formats import Formats
from regulars.office.people.merge_page import Line
from regulars.programmes.queries import terms_of, version_at


def preview(quote: Moved, before: Formats, after: Formats, *, at: datetime) -> list[Line]:
    """Everything that a move would come to; ``before`` speaks of the programme that is left."""
    return [*_points(quote, before, after), *_account(quote, after, at)]


def _points(quote: Moved, before: Formats, after: Formats) -> Iterator[Line]:
    came = quote.points + quote.pending
    said = {"given": before.points(quote.given_up), "points": after.points(came)}
    if quote.given_up:
        text = _("%(given)s become %(points)s, which can be used as long as before.")
        yield Line("wallet", text % said)
    else:
        yield Line("wallet", _("There are no %(unit)s to move.") % {"unit": before.unit_many})
    if quote.pending:
        said = {"points": after.points(quote.pending)}
        yield Line("clock", _("Of these, %(points)s are still to come.") % said)
    if quote.owed:
        said = {"points": after.points(quote.owed)}
        yield Line("triangle-alert", _("%(points)s that are owed come along.") % said, "warn")
    if quote.settled_owed:
        said = {"points": after.points(quote.settled_owed)}
        yield Line("scale", _("%(points)s settle at once what is owed.") % said)
    said = {"points": after.points(quote.available)}
    yield Line("star", _("After it there are %(points)s to use.") % said)


def _account(quote: Moved, after: Formats, at: datetime) -> Iterator[Line]:
    if level := _level(quote, at):
        yield Line("trending-up", _("It starts at the level %(level)s.") % {"level": level})
    if quote.cards:
        text = ngettext(
            "%(number)s card comes along and goes on working.",
            "%(number)s cards come along and go on working.",
            quote.cards,
        )
        yield Line("credit-card", text % {"number": after.number(quote.cards)})
    if quote.is_blocked:
        yield Line("ban", _("The account is blocked, and stays so."), "warn")
    elif not quote.is_active:
        yield Line("clock", _("The account still has to be activated."), "warn")
    else:
        yield Line("gift", _("There is no welcome bonus: they are no newcomer."))


def _level(quote: Moved, at: datetime) -> str:
    """The name of the level, where the programme has more than one."""
    version = version_at(quote.programme_id, at)
    terms = terms_of(version.pk) if version else None
    if terms is None or len(terms.levels) < 2:
        return ""
    return terms.level(quote.level_id).name
