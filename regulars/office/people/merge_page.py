"""What a merge of two customers comes to, line by line and in plain words (C15)."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.actions.members.merging import Merged
from regulars.business.formats import Formats
from regulars.domain.merging import stricter
from regulars.members.models import Consent, Contact
from regulars.office.access import Office
from regulars.reports.customer_file import CustomerFile
from regulars.reports.panel import member_panel
from regulars.reports.persons import initials_of, readable_phone


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that comes along, goes, or changes."""

    icon: str
    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two, to be told apart from the other one."""

    id: str
    name: str
    initials: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Two:
    """Who is kept, and who is merged into them."""

    kept: CustomerFile
    absorbed: CustomerFile

    @property
    def absorbed_name(self) -> str:
        return self.absorbed.customer.name or _("Without a name")

    @property
    def has_two_programmes(self) -> bool:
        ours, theirs = self.kept.programme, self.absorbed.programme
        return ours is not None and theirs is not None and ours.pk != theirs.pk

    @property
    def keep(self) -> Side:
        return _side(self.kept)

    @property
    def absorb(self) -> Side:
        return _side(self.absorbed)


def _side(file: CustomerFile) -> Side:
    cards = [card.number for card in file.cards if card.replaced_at is None]
    programme = file.programme.name if file.programme else _("No account")
    return Side(
        id=str(file.customer.pk),
        name=file.customer.name or _("Without a name"),
        initials=initials_of(file.customer.name),
        facts=(
            *(_contact(contact) for contact in file.contacts),
            *(_("card %(number)s") % {"number": number} for number in cards),
            programme,
        ),
    )


def _contact(contact: Contact) -> str:
    is_phone = contact.kind == Contact.Kind.PHONE
    return readable_phone(contact.value) if is_phone else contact.value


def preview(office: Office, quote: Merged, two: Two, formats: Formats) -> list[Line]:
    """Everything that a merge would come to."""
    lines = [
        *_of_account(office, quote, formats),
        *_of_person(quote, two, formats),
        *_of_consents(two),
    ]
    if quote.referrals_dropped:
        text = ngettext(
            "%(number)s referral goes: it would be of oneself, a second one, or a circle.",
            "%(number)s referrals go: they would be of oneself, a second one, or a circle.",
            quote.referrals_dropped,
        )
        said = {"number": formats.number(quote.referrals_dropped)}
        lines.append(Line("user-minus", text % said, "warn"))
    return lines


def _of_account(office: Office, quote: Merged, formats: Formats) -> Iterator[Line]:
    """The points, what is owed, the level, and whether the account can be used."""
    if quote.member_id is None:
        return
    if quote.closed_member_id is not None:
        yield _points(quote, formats)
    if quote.pending:
        said = {"points": formats.points(quote.pending)}
        yield Line("clock", _("%(points)s that are still to come come along too.") % said)
    if quote.owed:
        said = {"points": formats.points(quote.owed)}
        yield Line("triangle-alert", _("%(points)s that are owed come along.") % said, "warn")
    if quote.settled_owed:
        said = {"points": formats.points(quote.settled_owed)}
        yield Line("scale", _("%(points)s settle at once what is owed.") % said)
    said = {"points": formats.points(quote.available)}
    yield Line("star", _("After it there are %(points)s to use.") % said)
    if quote.level_to is not None:
        yield _level(office, quote.member_id, quote.level_to)
    yield from _of_state(quote)


def _of_state(quote: Merged) -> Iterator[Line]:
    if quote.is_blocked:
        yield Line("ban", _("The account is blocked, since one of the two is."), "warn")
    elif not quote.is_active:
        yield Line("clock", _("The account still has to be activated."), "warn")


def _points(quote: Merged, formats: Formats) -> Line:
    if not quote.points:
        return Line("wallet", _("No %(unit)s come along.") % {"unit": formats.unit_many})
    said = {"points": formats.points(quote.points)}
    return Line("wallet", _("%(points)s come along and can be used as long as before.") % said)


def _level(office: Office, member_id: UUID, level_id: UUID) -> Line:
    """The level that the account gets."""
    terms = member_panel(office.business, member_id, at=office.at).terms
    said = {"level": terms.level(level_id).name}
    return Line("trending-up", _("The level becomes %(level)s.") % said)


def _of_person(quote: Merged, two: Two, formats: Formats) -> Iterator[Line]:
    if quote.contacts:
        contacts = formats.together([_contact(one) for one in two.absorbed.contacts])
        yield Line("at-sign", _("Contacts that come along: %(contacts)s.") % {"contacts": contacts})
    if quote.cards:
        text = ngettext(
            "%(number)s card comes along and goes on working.",
            "%(number)s cards come along and go on working.",
            quote.cards,
        )
        yield Line("credit-card", text % {"number": formats.number(quote.cards)})
    if quote.groups:
        held = {group.pk for group in two.kept.groups}
        names = [group.name for group in two.absorbed.groups if group.pk not in held]
        said = {"groups": formats.together(names)}
        yield Line("tags", _("Groups that come along: %(groups)s.") % said)


def _of_consents(two: Two) -> Iterator[Line]:
    """The stricter of what the two said about messages holds."""
    ours, theirs = (
        {name: said[0].granted for name, said in file.consents.items() if said}
        for file in (two.kept, two.absorbed)
    )
    for name, holds in stricter(ours, theirs).items():
        said = {"channel": Consent.Channel(name).label}
        if holds:
            yield Line("bell", _("%(channel)s: messages, as they agreed.") % said)
        elif ours.get(name) or theirs.get(name):
            text = _("%(channel)s: no messages any more. One of the two said no, and the no holds.")
            yield Line("bell-off", text % said, "warn")
        else:
            yield Line("bell-off", _("%(channel)s: no messages, as before.") % said)
