"""A programme as a TOML file that people read and write.

Money is in major units, shares are in per cent, instants carry their offset. What a file does not
say is as the defaults of ``domain.terms`` say. Reading what was written gives the same programme,
exactly, but for the version's own id and time.
"""

import json
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from regulars.domain.amounts import PPM
from regulars.domain.errors import TermsRefused
from regulars.domain.terms import GOODS, Basis, EarnsOn, Kind, KindTerms, Level, Rate, Terms
from regulars.programmes.draft import Draft
from regulars.programmes.models import ConfirmBy, JoinsBy
from regulars.programmes.table import Table
from regulars.rows import new_id

UNSAVED = UUID(int=0)
"""The version id of terms that come from a file."""

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
"""The time from which terms that come from a file hold, until they are saved."""

PERCENT = PPM // 100
_KINDS = tuple(kind.value for kind in GOODS)

_Value = str | bool | int | None
"""A text is written as it stands, so it is quoted before; None is left out."""


def from_toml(text: str, *, zone: ZoneInfo, minor_per_major: int) -> Draft:
    """Read a programme; whether its terms make sense is looked at when they are saved.

    Levels and groups without an id get a new one.

    Raises TermsRefused, with a sentence for every key that is unknown or wrong.
    """
    try:
        values = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as problem:
        raise TermsRefused([f"this is no TOML: {problem}"]) from problem
    problems: list[str] = []
    draft = _Reader(problems, zone, minor_per_major).draft(values)
    if problems:
        raise TermsRefused(problems)
    return draft


class _Reader:
    def __init__(self, problems: list[str], zone: ZoneInfo, minor_per_major: int) -> None:
        self._problems = problems
        self._zone = zone
        self._minor_per_major = minor_per_major
        self._groups: dict[str, UUID] = {}

    def draft(self, values: dict[str, Any]) -> Draft:
        table = Table(values, self._problems)
        name = table.text("name")
        if not name.strip():
            table.refuse("“name” is missing")
        one, many = table.pair("unit", ("point", "points"))
        draft = Draft(
            name=name,
            unit_one=one,
            unit_many=many,
            joins_by=table.choices("joins_by", JoinsBy.values),
            confirm_by=table.choice("confirm_by", ConfirmBy.values, ConfirmBy.CASHIER.value),
            terms_url=table.text("terms_url"),
            terms=self._terms(table),
            groups={group_id: name for name, group_id in self._groups.items()},
        )
        table.done()
        return draft

    def _terms(self, table: Table) -> Terms:
        levels = table.tables("level")
        return Terms(
            version_id=UNSAVED,
            zone=self._zone,
            minor_per_major=self._minor_per_major,
            holds_from=LONG_AGO,
            levels=tuple(self._level(level, at) for at, level in enumerate(levels, start=1)),
            enabled=table.switch("enabled", default=True),
            runs_from=table.instant("runs_from"),
            runs_until=table.instant("runs_until"),
            point_value_minor=self._money(table, "point_value")
            if table.has("point_value")
            else None,
            earns_on_discounted=table.switch("earns_on_discounted", default=True),
            earns_on_memorandum=table.switch("earns_on_memorandum", default=True),
            earns_beside_points=table.switch("earns_beside_points", default=True),
            refund_returns_points=table.switch("refund_returns_points", default=True),
            needs_card=table.switch("needs_card", default=False),
            needs_card_presented=table.switch("needs_card_presented", default=False),
            needs_confirmation=table.switch("needs_confirmation", default=False),
            welcome_points=table.whole("welcome_points"),
            welcome_days=table.whole("welcome_days"),
            returned_days=table.whole("returned_days", 30),
            reward_factor=table.whole("reward_factor", 14),
            referral_points=table.whole("referral_points", 100),
        )

    def _level(self, values: dict[str, Any], number: int) -> Level:
        where = f"level {number} “{values.get('name', '')}”"
        table = Table(values, self._problems, where=where)
        level = Level(
            id=table.id("id") or new_id(),
            name=table.text("name"),
            priority=table.whole("priority", number),
            group_id=self._group(table.text("group")),
            spend_days=table.whole("spend_days"),
            spend_minor=self._money(table, "spend"),
            spend_products_minor=self._money(table, "spend_products"),
            spend_tickets_minor=self._money(table, "spend_tickets"),
            visits=table.whole("visits"),
            visit_days=table.whole("visit_days"),
            asks_for_both=table.switch("asks_for_both", default=False),
            cashback=table.switch("cashback", default=True),
            burn_days=table.whole("burn_days"),
            delay_days=table.whole("delay_days"),
            kinds={
                Kind(kind): self._kind(
                    Table(table.table(kind), self._problems, where=f"{where}, {kind}")
                )
                for kind in _KINDS
                if table.has(kind)
            },
        )
        table.done()
        return level

    def _kind(self, table: Table) -> KindTerms:
        earns_on = table.choice("earns_on", [e.value for e in EarnsOn], EarnsOn.PAYMENT.value)
        if table.has("cashback_percent") and table.has("points_per_unit"):
            table.refuse("say “cashback_percent” or “points_per_unit”, not both")
        if table.has("cashback_percent"):
            rate = Rate(self._percent(table, "cashback_percent"), Basis.CASHBACK)
        else:
            wanted = "a number of points such as 1 or 0.5"
            rate = Rate(table.scaled("points_per_unit", PPM, wanted=wanted), Basis.POINTS)
        terms = KindTerms(EarnsOn(earns_on), rate, self._percent(table, "payable_percent"))
        table.done()
        return terms

    def _money(self, table: Table, key: str) -> int:
        example = "100.00" if self._minor_per_major >= 100 else "100"
        wanted = f"an amount of money such as {example}"
        return table.scaled(key, self._minor_per_major, wanted=wanted)

    def _percent(self, table: Table, key: str) -> int:
        return table.scaled(key, PERCENT, wanted="a share in per cent such as 5 or 2.5")

    def _group(self, name: str) -> UUID | None:
        return self._groups.setdefault(name, new_id()) if name else None


def to_toml(draft: Draft) -> str:
    """Write a programme with all its levels, the lowest first."""
    terms = draft.terms
    parts = [_lines(_programme(draft)), _lines(_rules(terms))]
    for level in terms.levels:
        group = draft.groups[level.group_id] if level.group_id else ""
        parts.append("[[level]]\n" + _lines(_level(level, group, terms)))
        parts += [f"[level.{kind}]\n{_lines(_kind(of))}" for kind, of in _in_order(level)]
    return "\n".join(parts)


def _programme(draft: Draft) -> dict[str, _Value]:
    terms = draft.terms
    value = terms.point_value_minor
    return {
        "name": _quoted(draft.name),
        "unit": _listed([draft.unit_one, draft.unit_many]),
        "enabled": terms.enabled,
        "runs_from": _instant(terms.runs_from, terms.zone),
        "runs_until": _instant(terms.runs_until, terms.zone),
        "terms_url": _quoted(draft.terms_url) if draft.terms_url else None,
        "joins_by": _listed(draft.joins_by),
        "confirm_by": _quoted(draft.confirm_by),
        "point_value": None if value is None else _money(value, terms),
    }


def _rules(terms: Terms) -> dict[str, _Value]:
    return {
        "earns_on_discounted": terms.earns_on_discounted,
        "earns_on_memorandum": terms.earns_on_memorandum,
        "earns_beside_points": terms.earns_beside_points,
        "refund_returns_points": terms.refund_returns_points,
        "needs_card": terms.needs_card,
        "needs_card_presented": terms.needs_card_presented,
        "needs_confirmation": terms.needs_confirmation,
        "welcome_points": terms.welcome_points,
        "welcome_days": terms.welcome_days,
        "returned_days": terms.returned_days,
        "reward_factor": terms.reward_factor,
        "referral_points": terms.referral_points,
    }


def _level(level: Level, group: str, terms: Terms) -> dict[str, _Value]:
    return {
        "id": _quoted(str(level.id)),
        "name": _quoted(level.name),
        "priority": level.priority,
        "group": _quoted(group) if group else None,
        "spend_days": level.spend_days or None,
        "spend": _money(level.spend_minor, terms) if level.spend_minor else None,
        "spend_products": _some_money(level.spend_products_minor, terms),
        "spend_tickets": _some_money(level.spend_tickets_minor, terms),
        "visits": level.visits or None,
        "visit_days": level.visit_days or None,
        "asks_for_both": level.asks_for_both or None,
        "cashback": level.cashback,
        "burn_days": level.burn_days,
        "delay_days": level.delay_days,
    }


def _kind(terms: KindTerms) -> dict[str, _Value]:
    is_cashback = terms.rate.basis is Basis.CASHBACK
    return {
        "earns_on": _quoted(terms.earns_on),
        "cashback_percent": _decimal(terms.rate.ppm, PERCENT) if is_cashback else None,
        "points_per_unit": None if is_cashback else _decimal(terms.rate.ppm, PPM),
        "payable_percent": _decimal(terms.payable_ppm, PERCENT),
    }


def _in_order(level: Level) -> Iterable[tuple[Kind, KindTerms]]:
    return ((kind, level.kinds[kind]) for kind in Kind if kind in level.kinds)


def _lines(values: dict[str, _Value]) -> str:
    return "".join(f"{key} = {_plain(v)}\n" for key, v in values.items() if v is not None)


def _plain(value: str | bool | int) -> str:  # noqa: FBT001 - any value of a TOML file
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(text: str) -> str:
    """A basic string: the escapes of JSON are those of TOML, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _listed(texts: Iterable[str]) -> str:
    return "[" + ", ".join(_quoted(text) for text in texts) + "]"


def _instant(at: datetime | None, zone: ZoneInfo) -> str | None:
    return None if at is None else at.astimezone(zone).isoformat()


def _some_money(minor: int, terms: Terms) -> str | None:
    return _money(minor, terms) if minor else None


def _money(minor: int, terms: Terms) -> str:
    """All digits of the currency: 100.00 euros, 100 yen."""
    whole, rest = divmod(minor, terms.minor_per_major)
    digits = len(str(terms.minor_per_major)) - 1
    return f"{whole}.{rest:0{digits}}" if digits else f"{whole}"


def _decimal(number: int, scale: int) -> str:
    """No more digits than needed: 2.5, 5."""
    whole, rest = divmod(number, scale)
    digits = len(str(scale)) - 1
    return f"{whole}.{rest:0{digits}}".rstrip("0").rstrip(".")
