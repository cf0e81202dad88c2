"""What one piece of an item earns, in the words of the catalogue (B5, S5)."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from regulars.business.formats import Formats
from regulars.catalogue.models import Item
from regulars.domain.earning import Why, one_at_level
from regulars.domain.purchase import Line
from regulars.domain.terms import EarnsOn, Kind, Terms
from regulars.office.access import Office
from regulars.office.loyalty.programmes import programmes_open
from regulars.office.loyalty.versions import base_of
from regulars.reports.offers import line_of
from regulars.reports.wording import WHY_SHORT


@dataclass(frozen=True, slots=True)
class Earnings:
    """Says what items earn at the lowest level of a programme."""

    terms: Terms | None
    """None where there is no programme."""
    office: Office

    @property
    def formats(self) -> Formats:
        return self.office.formats

    def is_by_booking(self, item: Item) -> bool:
        """Whether it is a booking that earns."""
        if self.terms is None:
            return False
        return self.terms.lowest.of(Kind(item.kind)).earns_on is EarnsOn.BOOKING

    def says(self, item: Item) -> str:
        """ "30 points a booking", "By the rate: 46 points", "Nothing: its rate is 0"."""
        if self.terms is None:
            return _("Nothing: there is no programme")
        earning = one_at_level(self._line(item), self.terms, self.terms.lowest)
        said = {"points": self.formats.points(earning.earned)}
        if earning.why is Why.RATE:
            return _("By the rate: %(points)s") % said
        if earning.why is Why.OWN_POINTS:
            by_booking = self.is_by_booking(item)
            return (_("%(points)s a booking") if by_booking else _("%(points)s each")) % said
        return _("Nothing: %(why)s") % {"why": self._because(earning.why)}

    def says_of_empty(self, item: Item) -> str:
        """What no points of its own mean: "Empty: 46 points by the rate."."""
        if self.terms is None:
            return _("Empty: nothing (there is no programme).")
        line = replace(self._line(item), own_points=None, connected=True)
        earning = one_at_level(line, self.terms, self.terms.lowest)
        if earning.why is Why.RATE:
            points = self.formats.points(earning.earned)
            return _("Empty: %(points)s by the rate.") % {"points": points}
        return _("Empty: nothing (%(why)s).") % {"why": self._because(earning.why)}

    def _line(self, item: Item) -> Line:
        item.business = self.office.business
        return line_of(item, self.office.at)

    def _because(self, why: Why) -> str:
        return str(WHY_SHORT[why]) % {"unit": self.formats.unit_many}


def earnings_in(office: Office) -> Earnings:
    """By the oldest programme that people can be members of."""
    programmes = programmes_open()
    return Earnings(base_of(programmes[0]).terms if programmes else None, office)
