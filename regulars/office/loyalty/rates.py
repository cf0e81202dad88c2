"""The settings of a programme as a page of the office carries them: typed, read, compared.

What somebody typed stays as it was typed until it makes sense; then it is other terms.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.business.formats import Formats, read_money
from regulars.domain.amounts import MOST_POINTS
from regulars.domain.terms import (
    GOODS,
    MOST_RATE_PPM,
    Basis,
    Kind,
    KindTerms,
    Level,
    Rate,
    Terms,
)
from regulars.reports.forms import read_points

KINDS: Mapping[Kind, Promise] = {
    Kind.SERVICE: gettext_lazy("Services"),
    Kind.CLASS: gettext_lazy("Classes"),
    Kind.PRODUCT: gettext_lazy("Products"),
    Kind.TICKET: gettext_lazy("Tickets"),
}

ALWAYS = (Kind.SERVICE, Kind.PRODUCT)
"""Kinds whose rate can be set even where a level has no terms for them yet."""

SWITCHES: Mapping[str, tuple[Promise, Promise]] = {
    "needs_card": (
        gettext_lazy("Only customers with a card earn"),
        gettext_lazy(
            "Who has no card number collects nothing. Give somebody a number, and their next"
            " purchase counts; what they bought before does not."
        ),
    ),
    "needs_card_presented": (
        gettext_lazy("And only if the card was presented"),
        gettext_lazy(
            "A purchase earns only if the card was scanned or shown at it. Who is found by name or"
            " phone collects nothing for that purchase."
        ),
    ),
}
"""Name and explanation, by the name in the terms."""

_PERCENT_DIGITS, _RATE_DIGITS = 4, 6


@dataclass(frozen=True, slots=True)
class Field:
    """One setting as the page shows it."""

    name: str
    label: str
    hint: str
    value: str = ""
    is_on: bool = False
    help: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class LevelFields:
    """The rates of one level."""

    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A setting that becomes another one, in words."""

    label: str
    before: str
    after: str


@dataclass
class Reading:
    """What was typed, read on top of the terms that hold."""

    terms: Terms
    typed: Mapping[str, str]
    formats: Formats
    errors: dict[str, str] = field(default_factory=dict)

    def read(self) -> Terms:
        """The terms that were typed; what makes no sense is noted in ``errors``."""
        levels = tuple(self._level(level) for level in self.terms.levels)
        switches = {name: name in self.typed for name in SWITCHES}
        if switches["needs_card_presented"] and not switches["needs_card"]:
            said = _("Switch on that only customers with a card earn, too.")
            self.errors["needs_card_presented"] = said
        factor = read_points(self.typed.get("reward_factor", ""))
        if factor is None or not 0 <= factor <= MOST_POINTS:
            self.errors["reward_factor"] = _("Type a whole number, such as 14.")
            factor = self.terms.reward_factor
        return replace(
            self.terms,
            levels=levels,
            reward_factor=factor,
            needs_card=switches["needs_card"],
            needs_card_presented=switches["needs_card_presented"],
        )

    def _level(self, level: Level) -> Level:
        kinds = dict(level.kinds)
        for kind in kinds_of(level):
            held = rate_of(level, kind)
            rate = replace(held, ppm=self._ppm(name_of(level, kind), held))
            if kind in kinds:
                kinds[kind] = replace(kinds[kind], rate=rate)
            elif rate.ppm:
                kinds[kind] = KindTerms(rate=rate)
        return replace(level, kinds=kinds)

    def _ppm(self, name: str, held: Rate) -> int:
        is_share = held.basis is Basis.CASHBACK
        digits = _PERCENT_DIGITS if is_share else _RATE_DIGITS
        try:
            ppm = read_money(self.typed.get(name, ""), digits, self.formats.locale)
        except ValueError:
            ppm = -1
        if 0 <= ppm <= MOST_RATE_PPM:
            return ppm
        self.errors[name] = _("Type a number such as 1 or 0.5; 0 switches it off.")
        return held.ppm


def kinds_of(level: Level) -> tuple[Kind, ...]:
    """The kinds whose rate the page shows for a level, in the usual order."""
    return tuple(kind for kind in GOODS if kind in level.kinds or kind in ALWAYS)


def rate_of(level: Level, kind: Kind) -> Rate:
    """What a kind earns at a level; where it has no terms yet, nothing, said as for the others."""
    if kind in level.kinds:
        return level.kinds[kind].rate
    said = {of.rate.basis for of in level.kinds.values()}
    return Rate(0, Basis.CASHBACK if said == {Basis.CASHBACK} else Basis.POINTS)


def name_of(level: Level, kind: Kind) -> str:
    return f"rate-{level.id}-{kind}"


def shown(terms: Terms, formats: Formats) -> dict[str, str]:
    """What the fields hold for some terms, by their names."""
    held = {"reward_factor": str(terms.reward_factor)}
    for level in terms.levels:
        for kind in kinds_of(level):
            held[name_of(level, kind)] = _number(rate_of(level, kind), formats)
    return held | {name: "on" for name in SWITCHES if getattr(terms, name)}


def levels_shown(reading: Reading) -> list[LevelFields]:
    return [
        LevelFields(
            level.name, tuple(_rate_field(reading, level, kind) for kind in kinds_of(level))
        )
        for level in reading.terms.levels
    ]


def _rate_field(reading: Reading, level: Level, kind: Kind) -> Field:
    name, rate, formats = name_of(level, kind), rate_of(level, kind), reading.formats
    hundred = 100 * formats.minor_per_major
    gives = int(reading.terms.exact_points(rate, hundred)) if rate.ppm else 0
    said = {"sum": formats.round_money(hundred), "points": formats.points(gives)}
    off = _("Earns nothing: 0 switches it off.")
    return Field(
        name=name,
        label=_label(kind, rate, formats),
        hint=_hint(rate, formats),
        value=reading.typed.get(name, ""),
        help=_("%(sum)s give %(points)s") % said if rate.ppm else off,
        error=reading.errors.get(name, ""),
    )


def _label(kind: Kind, rate: Rate, formats: Formats) -> str:
    if rate.basis is Basis.CASHBACK:
        return _("%(kind)s, in per cent") % {"kind": KINDS[kind]}
    said = {
        "kind": KINDS[kind],
        "unit": formats.unit_many,
        "one": formats.money(formats.minor_per_major),
    }
    return _("%(kind)s: %(unit)s per %(one)s") % said


def _hint(rate: Rate, formats: Formats) -> str:
    said = {"one": formats.money(formats.minor_per_major), "unit": formats.unit_many}
    if rate.basis is Basis.CASHBACK:
        text = _(
            "How much of what is paid comes back as %(unit)s. 0 switches it off. The sum of a"
            " purchase is rounded down once, at its end."
        )
    else:
        text = _(
            "So many %(unit)s for each %(one)s paid; halves such as 0.5 work too. 0 switches it"
            " off. An item's own number replaces the rate. A purchase is rounded down once, at its"
            " end."
        )
    return text % said


def switches_shown(reading: Reading) -> list[Field]:
    return [
        Field(
            name=name,
            label=str(label),
            hint=str(hint),
            is_on=name in reading.typed,
            error=reading.errors.get(name, ""),
        )
        for name, (label, hint) in SWITCHES.items()
    ]


def factor_shown(reading: Reading) -> Field:
    formats = reading.formats
    said = {"one": formats.money(formats.minor_per_major), "unit": formats.unit_many}
    return Field(
        name="reward_factor",
        label=_("“Use default” for a reward: %(unit)s per %(one)s of its price") % said,
        hint=_(
            "What the button enters when you offer a reward: this times the price, rounded up."
            " Rewards that are there already stay as they are."
        ),
        value=reading.typed.get("reward_factor", ""),
        error=reading.errors.get("reward_factor", ""),
    )


def changes(before: Terms, after: Terms, formats: Formats) -> Iterator[Change]:
    """What saving would change, setting by setting."""
    several = len(before.levels) > 1
    for old, new in zip(before.levels, after.levels, strict=True):
        for kind in kinds_of(old):
            was, now = rate_of(old, kind), rate_of(new, kind)
            if was.ppm != now.ppm:
                label = _label(kind, was, formats)
                yield Change(
                    f"{old.name}: {label}" if several else label,
                    _number(was, formats),
                    _number(now, formats) if now.ppm else _("0, earns nothing"),
                )
    for name, (called, _explained) in SWITCHES.items():
        if getattr(before, name) != getattr(after, name):
            yield Change(str(called), _turned(before, name), _turned(after, name))
    if before.reward_factor != after.reward_factor:
        factors = formats.number(before.reward_factor), formats.number(after.reward_factor)
        yield Change(_("“Use default” for a reward"), *factors)


def _turned(terms: Terms, name: str) -> str:
    return _("on") if getattr(terms, name) else _("off")


def _number(rate: Rate, formats: Formats) -> str:
    return formats.rate(rate.ppm * 100 if rate.basis is Basis.CASHBACK else rate.ppm)
