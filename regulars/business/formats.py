"""Numbers, money and days as the reader writes them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_timedelta
from babel.lists import format_list
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    get_currency_symbol,
    get_decimal_symbol,
)
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.business.languages import clock, counts_to_24, locale_for
from regulars.business.models import Business
from regulars.domain.amounts import PPM
from regulars.domain.days import day_of

MINUS = "\N{MINUS SIGN}"

_LONGEST_IN_DAYS = 99
"""Days until or since, up to which a distance is said in days; then in months."""


@dataclass(frozen=True, slots=True)
class Formats:
    """How one reader is told of one business's amounts, on one day."""

    locale: Locale
    currency: str
    home: Locale
    """The business's own language and region: how the currency is written there."""
    zone: ZoneInfo
    unit_one: str
    unit_many: str
    today: date
    """In the business's time zone."""

    @property
    def minor_per_major(self) -> int:
        return int(10 ** get_currency_precision(self.currency))

    def number(self, number: int) -> str:
        return format_decimal(number, locale=self.locale)

    def signed(self, number: int) -> str:
        """With a plus or a true minus sign in front."""
        return f"{MINUS if number < 0 else '+'}{self.number(abs(number))}"

    def points(self, number: int) -> str:
        """With the programme's word for them: "1 bonus", "30 bonuses"."""
        return f"{self.number(number)} {self.unit(number)}"

    def change(self, number: int) -> str:
        """Points with their sign: "+30 bonuses"."""
        return f"{self.signed(number)} {self.unit(abs(number))}"

    def unit(self, number: int) -> str:
        return self.unit_one if number == 1 else self.unit_many

    def exact(self, number: Fraction) -> str:
        """Parts of points, to two digits: "16.64". Never rounded up to a whole point."""
        hundredths = min(round(number * 100), int(number) * 100 + 99)
        return format_decimal(Decimal(hundredths).scaleb(-2), "#,##0.00", locale=self.locale)

    def rate(self, ppm: int) -> str:
        """Millionths as a plain number: "2", "1.5"."""
        return format_decimal(Decimal(ppm) / PPM, "#,##0.######", locale=self.locale)

    def percent(self, ppm: int) -> str:
        return _percent(ppm, self.locale)

    def money(self, minor: int) -> str:
        """With all digits of the currency: "1,240.00 ₽"."""
        return self._money(minor, _pattern(self.locale, self.home, self.currency), digits=True)

    def round_money(self, minor: int) -> str:
        """Without the digits behind the point where they are zero: "3,720 ₽"."""
        if minor % self.minor_per_major:
            return self.money(minor)
        pattern = _pattern(self.locale, self.home, self.currency).replace(".00", "")
        return self._money(minor, pattern, digits=False)

    def _money(self, minor: int, pattern: str, *, digits: bool) -> str:
        return _money(minor, self.currency, pattern, self.locale, digits=digits)

    def amount(self, minor: int) -> str:
        """Money without the currency's sign, where a column or a field says it: "1,240.00"."""
        return self._money(minor, "#,##0.00", digits=True)

    @property
    def sign(self) -> str:
        """The currency's sign: "₽"."""
        symbol = get_currency_symbol(self.currency, self.locale)
        return symbol if symbol != self.currency else get_currency_symbol(self.currency, self.home)

    def read_money(self, text: str) -> int:
        """Minor units of what somebody typed: "713", "713.5", "1,240.00", "1.240,00".

        The last separator is the decimal one, unless three digits follow it and it is not the
        reader's own: then it parts thousands.

        Raises ValueError.
        """
        return read_money(text, get_currency_precision(self.currency), self.locale)

    def day(self, day: date) -> str:
        """ "14 Nov"; with the year where it is another one."""
        skeleton = "MMMd" if day.year == self.today.year else "yMMMd"
        return format_skeleton(skeleton, day, locale=self.locale)

    def day_at(self, at: datetime) -> str:
        return self.day(day_of(at, self.zone))

    def long_day(self, day: date) -> str:
        """ "11 March 2027": as messages say it, which are read on another day."""
        return format_date(day, "long", locale=self.locale)

    def clock(self, at: datetime) -> str:
        """ "19:44", or "7:44 pm" where the business's region counts to twelve."""
        return clock(at, self.zone, self.locale, self.home)

    @property
    def counts_to_24(self) -> bool:
        return counts_to_24(self.home)

    def weekday(self, day: date) -> str:
        """ "Sat"."""
        return format_skeleton("E", day, locale=self.locale)

    def last_day(self, until: datetime) -> date:
        """The last day before an end, which is exclusive."""
        return day_of(until - timedelta(microseconds=1), self.zone)

    def relative(self, day: date) -> str:
        """ "today", "in 12 days", "7 months ago"."""
        days = (day - self.today).days
        near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
        if days in near:
            return near[days]
        distance = timedelta(days=days)
        if abs(days) <= _LONGEST_IN_DAYS:
            return format_timedelta(
                distance, "day", threshold=1_000, add_direction=True, locale=self.locale
            )
        return format_timedelta(distance, "month", add_direction=True, locale=self.locale)

    def together(self, parts: list[str]) -> str:
        """ "8% of 200.00 ₽ and 5% of 290.00 ₽"."""
        return format_list(parts, locale=self.locale)


def formats_of(business: Business, units: tuple[str, str], at: datetime) -> Formats:
    """How the reader of this request is told of this business; ``units`` for one and for many."""
    home = Locale.parse(business.locale, sep="-")
    return Formats(
        locale=locale_for(get_language(), home),
        currency=business.currency,
        home=home,
        zone=business.zone,
        unit_one=units[0],
        unit_many=units[1],
        today=day_of(at, business.zone),
    )


def read_money(text: str, digits: int, locale: Locale) -> int:
    """See ``Formats.read_money``; ``digits`` are those of the currency behind the point.

    Raises ValueError.
    """
    found = _TYPED.fullmatch("".join(text.split()).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    if found is None:
        raise ValueError(text)
    whole, separator, tail = found.groups()
    if not (whole or tail):
        raise ValueError(text)
    is_decimal = separator == get_decimal_symbol(locale) and separator not in whole
    is_grouping = len(tail or "") == 3 and not is_decimal
    if tail and len(tail) > digits and not is_grouping:
        raise ValueError(text)
    grouped, part = (f"{whole}{separator}{tail}", "") if is_grouping else (whole, tail or "")
    groups = re.split(r"[.,']", grouped)
    if len(groups) > 1 and any(len(group) != 3 for group in groups[1:]):
        raise ValueError(text)
    return int(f"{''.join(groups)}{part.ljust(digits, '0')}")


_TYPED = re.compile(r"(\d[\d.,']*?|)(?:([.,'])(\d*))?", re.ASCII)


@lru_cache(maxsize=4096)
def _percent(ppm: int, locale: Locale) -> str:
    """Rates are few and prices return: each is written once, which is slow."""
    return format_percent(Decimal(ppm) / PPM, locale=locale, decimal_quantization=False)


@lru_cache(maxsize=4096)
def _money(minor: int, currency: str, pattern: str, locale: Locale, *, digits: bool) -> str:
    major = Decimal(minor).scaleb(-get_currency_precision(currency))
    return format_currency(major, currency, pattern, locale=locale, currency_digits=digits)


@lru_cache(maxsize=256)
def _pattern(locale: Locale, home: Locale, currency: str) -> str:
    """How money is written: as the reader does, or as at home where the reader has no sign for it.

    A reader without the sign is told "200.00 ₽" rather than "RUB 200.00".
    """
    symbol = get_currency_symbol(currency, locale)
    if symbol != currency:
        return _spaced(str(locale.currency_formats["standard"].pattern), symbol)
    symbol = get_currency_symbol(currency, home)
    pattern = _spaced(str(home.currency_formats["standard"].pattern), symbol)
    return pattern.replace("¤", f"'{symbol}'")


def _spaced(pattern: str, symbol: str) -> str:
    """With a space between letters and digits: "CHF 20.00", not "CHF20.00"; "€20.00" as it is."""
    if symbol[-1].isalpha():
        pattern = re.sub("¤(?=[#0])", "¤\N{NO-BREAK SPACE}", pattern)
    if symbol[0].isalpha():
        pattern = re.sub("(?<=0)¤", "\N{NO-BREAK SPACE}¤", pattern)
    return pattern
