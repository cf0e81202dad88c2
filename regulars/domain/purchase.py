"""What is bought: the facts from which a quote is made."""

from dataclasses import dataclass

from regulars.domain.terms import GOODS, Kind


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a purchase. Money in minor units, for the whole quantity."""

    kind: Kind
    list_minor: int
    charged_minor: int
    quantity: int = 1
    own_points: int | None = None
    """The item's own points, each; None = the rate earns."""
    connected: bool = True
    """Whether the item takes part in the programme at all (B5)."""
    memorandum: bool = False
    """Whether a distributor's memorandum covers it on the day."""
    booked: bool = False
    """Whether it belongs to a booking."""
    reward_points: int | None = None
    """The points that it was taken for; None = it is bought."""

    @property
    def is_discounted(self) -> bool:
        return self.charged_minor < self.list_minor


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is bought, and how much of it has been or shall be paid with what."""

    lines: tuple[Line, ...]
    points: int = 0
    """Points to take now, as payment."""
    points_before: int = 0
    """Points already taken for this sale in earlier steps, as payment."""
    paid_minor: int = 0
    """Paid so far in money, gift cards and deposits."""
    gift_cards_minor: int = 0
    """Of that, with gift cards."""
    takes_points: bool = True
    """Whether the till has points as a payment method (C16)."""
    rewards_taken: bool = False
    """Whether the points of its rewards have left the account already."""

    @property
    def charged_minor(self) -> int:
        return sum(line.charged_minor for line in self.lines)

    @property
    def goods_minor(self) -> int:
        """What counts as spending: what is charged for goods, however it is paid."""
        return self.charged_for(*GOODS)

    def charged_for(self, *kinds: Kind) -> int:
        """What is charged for some kinds."""
        return sum(line.charged_minor for line in self.lines if line.kind in kinds)

    @property
    def reward_points(self) -> int:
        """Points that its rewards still have to take."""
        if self.rewards_taken:
            return 0
        return sum(line.reward_points or 0 for line in self.lines)
