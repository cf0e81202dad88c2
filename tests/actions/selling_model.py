"""Members of a small cinema in plain arithmetic: what the books are compared with.

Written from the requirements alone; nothing here asks the domain. Moscow is three hours ahead all
year, a bonus is worth 1.00, and every kind of goods earns and is payable alike.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

AHEAD = timedelta(hours=3)
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


def day_of(at: datetime) -> date:
    return (at + AHEAD).date()


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC) - AHEAD


@dataclass(frozen=True)
class Tier:
    """A level: cashback, crediting delay, burn days; then what reaches it and what loses it."""

    per_cent: int
    delay: int
    burn: int
    spend: int = 0
    visits: int = 0
    visit_days: int = 0


TIERS = (Tier(1, 2, 20), Tier(3, 0, 40, 100_00, 3, 20), Tier(5, 1, 0, 300_00, 6, 25))
SPEND_DAYS = 30
RETURNED_DAYS = 30


@dataclass
class Lot:
    left: int
    since: datetime
    until: datetime = FOREVER
    burned: int = 0
    elsewhere: bool = False
    """Of an account that is merged into another one: it takes nothing back."""


@dataclass
class Sale:
    charged: int
    points: int = 0
    draws: list[list] = field(default_factory=list)  # type: ignore[type-arg] # of [lot, points]
    reward: list[list] = field(default_factory=list)  # type: ignore[type-arg] # the same
    by_card: int = 0
    otherwise: list[tuple[str, int]] = field(default_factory=list)
    """Cash, deposits and online payments, in the order in which they were made."""
    paid: int = 0
    on: date | None = None
    per_cent: int = 0
    earned: int = 0
    lot: Lot | None = None
    refunded: int = 0
    money: int = 0
    taken: int = 0
    counted: int = 0

    @property
    def to_pay(self) -> int:
        return self.charged - self.paid - self.points * 100

    def points_due(self, refunded: int) -> int:
        return self.points * refunded // self.charged if self.charged else 0

    def online_back(self) -> int:
        """What of the money returned goes back to the provider: cards first, then in order."""
        left, back = self.money - min(self.money, self.by_card), 0
        for method, amount in self.otherwise:
            share = min(left, amount)
            left -= share
            back += share if method == "online" else 0
        return back


@dataclass
class Member:
    level_day: date
    level: int = 0
    lots: list[Lot] = field(default_factory=list)
    owed: int = 0
    begun: date = date.min
    days: Counter[date] = field(default_factory=Counter)
    last_visit: date = date.min
    raised: tuple[Sale, int] | None = None
    changes: list[tuple[datetime, int]] = field(default_factory=list)
    """When the level changed, and which one it was until then."""

    @property
    def tier(self) -> Tier:
        return TIERS[self.level]

    def catch_up(self, now: datetime) -> None:
        for lot in self.lots:
            if lot.until <= now:
                lot.burned, lot.left = lot.burned + lot.left, 0
        while self.level:
            absent = max(self.level_day, self.last_visit)
            drop = absent + timedelta(days=self.tier.visit_days + 1)
            if start_of(drop) > now:
                return
            self.changes.append((start_of(drop), self.level))
            self.level, self.level_day, self.begun, self.raised = self.level - 1, drop, drop, None

    def level_at(self, at: datetime) -> int:
        """The level at an instant that has passed."""
        return next((before for changed, before in self.changes if changed > at), self.level)

    def in_order(self) -> list[Lot]:
        return sorted(self.lots, key=lambda lot: lot.until)

    def available(self, now: datetime) -> int:
        return sum(lot.left for lot in self.lots if lot.since <= now < lot.until)

    def pending(self, now: datetime) -> int:
        return sum(lot.left for lot in self.lots if lot.since > now)

    def add(self, points: int, since: datetime, burn: int) -> Lot:
        """A new lot; what is owed is settled from it at once."""
        until = start_of(day_of(since) + timedelta(days=burn + 1)) if burn else FOREVER
        lot = Lot(points, since, until)
        self.lots.append(lot)
        self.settle([(lot, points)])
        return lot

    def settle(self, arrived: Iterable[tuple[Lot, int]], owed: int | None = None) -> None:
        left = self.owed if owed is None else owed
        for lot, points in arrived:
            paid = min(lot.left, points, left)
            lot.left, left, self.owed = lot.left - paid, left - paid, self.owed - paid

    def take(self, points: int, now: datetime) -> list[list]:  # type: ignore[type-arg]
        draws = []
        for lot in self.in_order():
            taken = min(points, lot.left) if lot.since <= now < lot.until else 0
            if taken:
                lot.left, points = lot.left - taken, points - taken
                draws.append([lot, taken])
        assert points == 0, "more than there is"
        return draws

    def give_back(
        self,
        draws: list[list],  # type: ignore[type-arg]
        points: int,
        now: datetime,
        *,
        elsewhere: bool = False,
    ) -> list[tuple[Lot, int]]:
        """Into the lots they came from, the last drawn first; new ones for those that expired.

        ``elsewhere``: they were drawn from another account, which this one goes on for.
        """
        returned = []
        for draw in reversed(draws):
            lot, back = draw[0], min(points, draw[1])
            draw[1], points = draw[1] - back, points - back
            if not back:
                continue
            if lot.until <= now:
                lot = Lot(0, now, start_of(day_of(now) + timedelta(days=RETURNED_DAYS + 1)))
                self.lots.append(lot)
            elif lot.elsewhere or elsewhere:
                lot = Lot(0, lot.since, lot.until)
                self.lots.append(lot)
            lot.left += back
            returned.append((lot, back))
        return sorted(returned, key=lambda each: each[0].until)

    def absorb(self, other: "Member", drawn: Iterable[list], now: datetime) -> None:  # type: ignore[type-arg]
        """Another account of the same person, and what was drawn there: all this one's now."""
        for draw in drawn:
            draw[0] = Lot(0, draw[0].since, draw[0].until, elsewhere=True)
        self.lots += [lot for lot in other.lots if lot.left]
        self.owed += other.owed
        other.lots, other.owed = [], 0
        self.settle([(lot, lot.left) for lot in self.in_order()])
        if (other.level, other.level_day) > (self.level, self.level_day):
            if other.level != self.level:
                self.changes.append((now, self.level))
            self.level, self.level_day = other.level, other.level_day
            self.begun, self.raised = other.begun, other.raised
        self.days += other.days
        self.last_visit = max(self.last_visit, other.last_visit)

    def hand_over(self, rate: Fraction, now: datetime) -> tuple[list[tuple[Lot, Lot]], int]:
        """Everything goes, at a rate: each lot with what comes of it, and what is owed then.

        In the order in which they burn: rounded down once, shared out by largest remainder.
        """
        live = [lot for lot in self.in_order() if lot.left and lot.until > now]
        exact = [lot.left * rate for lot in live]
        whole = int(sum(exact, Fraction(0)))
        held = sum(lot.left for lot in live)
        shares = [Fraction(whole * lot.left, held) for lot in live]
        given = [int(share) for share in shares]
        by_rest = sorted(range(len(live)), key=lambda i: given[i] - shares[i])
        for i in by_rest[: whole - sum(given)]:
            given[i] += 1
        pairs = [(lot, Lot(n, lot.since, lot.until)) for lot, n in zip(live, given, strict=True)]
        owed, self.owed = int(self.owed * rate), 0
        for lot in self.lots:
            lot.left = 0
        return [pair for pair in pairs if pair[1].left], owed

    def take_over(self, lots: Iterable[Lot], owed: int) -> None:
        """What came from an account of another programme; a debt is settled at once."""
        self.lots += lots
        self.owed += owed
        self.settle([(lot, lot.left) for lot in self.in_order()])

    def give_up(self) -> int:
        """Everything that is left, and what is owed; gives the points."""
        points = sum(lot.left for lot in self.lots)
        for lot in self.lots:
            lot.left = 0
        self.owed = 0
        return points

    def complete(self, sale: Sale, now: datetime, *, loyalty: bool) -> None:
        """The last payment of a sale: earn, count the day, look at the level."""
        sale.on, sale.per_cent = day_of(now), self.tier.per_cent
        if loyalty:
            sale.earned = (sale.charged - sale.points * 100) * sale.per_cent // 100_00
        if sale.earned:
            delay = timedelta(days=self.tier.delay)
            since = start_of(sale.on + delay) if delay else now
            sale.lot = self.add(sale.earned, since, self.tier.burn)
        if sale.charged:
            self.days[sale.on] += sale.charged
            self.last_visit = max(self.last_visit, sale.on)
        reached = self.reached(sale.on, self.level)
        if loyalty and reached > self.level:
            self.raised = (sale, self.level)
            self.changes.append((now, self.level))
            self.level, self.level_day = reached, sale.on

    def reached(self, today: date, held: int) -> int:
        """The highest level that the spending and the visits of some days reach."""
        for level in range(len(TIERS) - 1, held, -1):
            tier = TIERS[level]
            spent = sum(n for day, n in self.days.items() if self._counts(day, today, SPEND_DAYS))
            came = sum(
                n > 0 for day, n in self.days.items() if self._counts(day, today, tier.visit_days)
            )
            if spent >= tier.spend or came >= tier.visits:
                return level
        return held

    def _counts(self, day: date, today: date, days: int) -> bool:
        return max(self.begun, today - timedelta(days=days - 1)) <= day <= today

    def refund(
        self,
        sale: Sale,
        value: int,
        now: datetime,
        *,
        reward: bool,
        by: "Member | None" = None,
    ) -> int:
        """Give back and take back; gives the money.

        ``by`` is the account that bought, where this one only goes on for it.
        """
        assert sale.on is not None, "only what was paid is refunded"
        due = sale.points_due(sale.refunded + value)
        back = due - sale.points_due(sale.refunded)
        sale.refunded += value
        money = min(sale.refunded - due * 100, sale.charged - sale.points * 100) - sale.money
        money = max(money, 0)
        sale.money += money
        older = self.owed
        returned = self.give_back(sale.draws, back, now, elsewhere=by is not None)
        if reward:
            whole = sum(draw[1] for draw in sale.reward)
            returned += self.give_back(sale.reward, whole, now, elsewhere=by is not None)
        self._take_back(sale, returned)
        self.settle(sorted(returned, key=lambda each: each[0].until), older)
        (by or self).days[sale.on] -= value
        if value and sale.refunded == sale.charged and self.last_visit == sale.on:
            self.last_visit = max((day for day, n in self.days.items() if n > 0), default=date.min)
        if self.raised and self.raised[0] is sale:
            before = self.raised[1]
            level = min(self.reached(sale.on, before), self.level)
            if level < self.level:
                self.changes.append((now, self.level))
                self.level, self.level_day = level, day_of(now)
                self.raised = (sale, before) if level > before else None
        return money

    def _take_back(self, sale: Sale, returned: list[tuple[Lot, int]]) -> None:
        if not sale.earned:
            return
        rest = (sale.charged - sale.points * 100) * (sale.charged - sale.refunded) * sale.per_cent
        missing = max(sale.earned - rest // (sale.charged * 100_00) - sale.taken, 0)
        sale.taken += missing
        sale.counted += self.take_back(missing, sale.lot, returned, counted=sale.counted)

    def take_back(
        self,
        points: int,
        earned: Lot | None,
        returned: Iterable[tuple[Lot, int]] = (),
        *,
        counted: int = 0,
    ) -> int:
        """From the lot that was earned, what is returned, the others; the rest is owed.

        ``counted`` is what counted before of what burned of it; gives what counts now.
        """
        missing, burned = points, 0
        if earned:
            missing -= self._draw(earned, missing)
            burned = min(missing, earned.burned - counted)
            missing -= burned
        for lot, back in sorted(returned, key=lambda each: each[0].until):
            missing -= self._draw(lot, min(missing, back))
        for lot in self.in_order():
            missing -= self._draw(lot, missing)
        self.owed += missing
        return burned

    @staticmethod
    def _draw(lot: Lot, points: int) -> int:
        taken = min(lot.left, points)
        lot.left -= taken
        return taken
