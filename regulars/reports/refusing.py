"""Refusals in words: what happened and what to do next, in the reader's language.

``explain`` is for who writes programs. A cashier is told the same in their own words, with
points, money and days as they write them.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.business.formats import Formats
from regulars.domain import passcodes, wordings
from regulars.domain.errors import Refusal
from regulars.domain.quote import LimitedBy
from regulars.reports.refusals import words

Details = Mapping[str, Any]
"""What a refusal carries: its public attributes."""

_ENGLISH = Locale("en")

PLAIN = Formats(
    locale=_ENGLISH,
    currency="XXX",
    home=_ENGLISH,
    zone=ZoneInfo("UTC"),
    unit_one="point",
    unit_many="points",
    today=date(2000, 1, 1),
)
"""Of no business: for counts, and for points by their plain name."""


def say(refusal: Refusal, formats: Formats) -> str:
    """One or two sentences for whoever asked; of a code without words, what is known of it."""
    return _in_words(refusal.code, vars(refusal), formats) or _general(refusal)


def explain(refusal: Refusal, instead: Mapping[tuple[str, str], str]) -> str:
    """For who writes programs, in English: its own message, and what its ``why`` means.

    The words are added where the message says the code alone; ``instead`` of them are those by
    code and ``why`` that hold for who asks. Amounts are left to the details.
    """
    message, details = str(refusal), vars(refusal)
    why = str(details.get("why", ""))
    said, code, _hint = message.partition(f": {why}.")
    if not (why and code):
        return message
    with translation.override("en"):
        without_money = {name: value for name, value in details.items() if name != "left_minor"}
        words = instead.get((refusal.code, why)) or _in_words(refusal.code, without_money, PLAIN)
    return f"{said}{code} {words}" if words else message


def _in_words(code: str, details: Details, formats: Formats) -> str:
    special = _SPECIAL.get(code)
    return special(details, formats) if special else _by_why(code, details, formats)


def _by_why(code: str, details: Details, formats: Formats) -> str:
    """Said by the code alone, or by the code and its ``why``; "" where that has no words."""
    why = str(details.get("why", ""))
    text = words.ALONE.get(code) or words.BY_WHY.get(code, {}).get(why)
    if details.get("left_minor"):
        text = words.WITH_WHAT_IS_LEFT.get((code, why), text)
    return str(text) % _figures(details, formats) if text else ""


def _figures(details: Details, formats: Formats) -> dict[str, str]:
    """What the texts may name; what the refusal does not carry is said as a question mark."""
    said = {name: formats.number(value) for name, value in details.items() if type(value) is int}
    left = details.get("left_minor")
    return {
        "line": "?",
        "minutes": "?",
        "most": "?",
        **said,
        "left": formats.money(left) if left is not None else "?",
        "unit": formats.unit_many,
    }


def _general(refusal: Refusal) -> str:
    """For a code that is newer than its words."""
    message = str(refusal).strip()
    if not message:
        return _("This cannot be done now. Look at it again, or ask a manager.")
    ended = message if message.endswith((".", "!", "?")) else f"{message}."
    return _("This cannot be done now. %(message)s") % {"message": ended}


def _not_enough_points(details: Details, formats: Formats) -> str:
    asked, available = details.get("asked"), details.get("available")
    if not available:
        said = {"unit": formats.unit_many}
        return _("There are no %(unit)s to use now. Ask for another way to pay.") % said
    said = {"available": formats.points(available)}
    if asked is None:
        return _("Only %(available)s can be used now. Take fewer.") % said
    said["asked"] = formats.number(asked)
    return _("Only %(available)s can be used now; %(asked)s were asked for. Take fewer.") % said


def _points_above_limit(details: Details, formats: Formats) -> str:
    most, is_rest = details.get("most"), details.get("limited_by") == LimitedBy.STILL_TO_PAY
    if not most:
        said = {"unit": formats.unit_many}
        if is_rest:
            return _("Nothing is left to pay with %(unit)s. Ask for another way to pay.") % said
        return _("None of this can be paid with %(unit)s. Ask for another way to pay.") % said
    said = {"most": formats.points(most)}
    if is_rest:
        return _("Only %(most)s are needed for what is still to pay. Take fewer.") % said
    return _("At most %(most)s can pay for this purchase. Take fewer.") % said


def _bad_amount(details: Details, formats: Formats) -> str:
    name = str(details.get("field", ""))
    amount, least, most = (details.get(key) for key in ("amount", "least", "most"))
    if amount is None or least is None or most is None:
        return _("This number cannot be so. Check it, and enter another one.")
    label = words.FIELDS.get(name)
    said = {"field": str(label) % {"unit": formats.unit_many} if label else _("This number")}
    if most < least:
        return _("Nothing is left of this. Take it out.")
    if amount < least:
        said["least"] = _number_in(name, least, formats)
        return _("%(field)s cannot be less than %(least)s. Enter more.") % said
    said["most"] = _number_in(name, most, formats)
    return _("%(field)s cannot be more than %(most)s. Enter less.") % said


def _number_in(field: str, number: int, formats: Formats) -> str:
    if field.endswith("_minor"):
        return formats.money(number)
    return formats.percent(number) if field.endswith("_ppm") else formats.number(number)


def _refund_too_large(details: Details, formats: Formats) -> str:
    line, asked, left = (details.get(key) for key in ("line", "asked_minor", "left_minor"))
    said = {"line": "?" if line is None else formats.number(line)}
    if not left:
        return _("Nothing is left to refund of line %(line)s. Take it out of the refund.") % said
    if asked is not None and 0 <= asked <= left:
        return _("Line %(line)s is asked for in pieces and in money. Choose one of them.") % said
    said["left"] = formats.money(left)
    return _("Only %(left)s is left to refund of line %(line)s. Give back less.") % said


def _out_of_order(details: Details, formats: Formats) -> str:
    at, last = details.get("at"), details.get("last")
    if not (isinstance(at, datetime) and isinstance(last, datetime)):
        return _("Something later is booked on this account already. Check the date and the clock.")
    said = {"at": formats.day_at(at), "last": formats.day_at(last)}
    if said["at"] == said["last"]:
        return _("The account has something later of %(last)s already. Check the clock.") % said
    return (
        _("This is dated %(at)s; the account has something of %(last)s already. Check the date.")
        % said
    )


def _month_closed(details: Details, formats: Formats) -> str:
    until = details.get("closed_until")
    if not isinstance(until, date):
        return _("The books of that month are closed. Choose a later day.")
    said = {"day": formats.day(until)}
    return _("The books are closed up to %(day)s. Choose a later day.") % said


def _not_found(details: Details, _formats: Formats) -> str:
    what = str(details.get("what", ""))
    if what in words.NOT_FOUND:
        return str(words.NOT_FOUND[what])
    if not what:
        return _("What was looked for is not there. Look for it again.")
    return _("There is no such %(what)s here. Look for it again.") % {"what": what}


def _passcode(details: Details, formats: Formats) -> str:
    left = details.get("tries_left")
    if details.get("why") != passcodes.WhyNot.WRONG or left is None:
        return _by_why("passcode_refused", details, formats)
    if not left:
        return str(words.PASSCODE[passcodes.WhyNot.TOO_MANY_TRIES])
    return ngettext(
        "This code is wrong. Read it again; it can be tried %(tries)s more time.",
        "This code is wrong. Read it again; it can be tried %(tries)s more times.",
        left,
    ) % {"tries": formats.number(left)}


def _terms_refused(details: Details, _formats: Formats) -> str:
    problems = "; ".join(str(problem) for problem in details.get("problems", ()))
    if not problems:
        return _("These terms contradict themselves. Correct them, and save again.")
    said = {"problems": problems.rstrip(".")}
    return _("These terms cannot be saved: %(problems)s. Correct that, and save again.") % said


def _text_refused(details: Details, formats: Formats) -> str:
    found, allowed = str(details.get("found", "")), details.get("allowed", ())
    if found and details.get("why") == wordings.WhyNot.VARIABLE_MISSING:
        return _("Without %(found)s this message is for nothing. Put it in.") % {"found": found}
    if not found or not allowed:
        return _by_why("text_refused", details, formats)
    said = {"found": found, "allowed": formats.together([str(name) for name in allowed])}
    return _("There is no variable %(found)s. Use %(allowed)s, or no braces.") % said


_SPECIAL: Mapping[str, Callable[[Details, Formats], str]] = {
    "bad_amount": _bad_amount,
    "month_closed": _month_closed,
    "not_enough_points": _not_enough_points,
    "not_found": _not_found,
    "out_of_order": _out_of_order,
    "passcode_refused": _passcode,
    "points_above_limit": _points_above_limit,
    "refund_too_large": _refund_too_large,
    "terms_refused": _terms_refused,
    "text_refused": _text_refused,
}
"""Those whose sentence depends on their figures."""
