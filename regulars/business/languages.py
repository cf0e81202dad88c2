"""In which language somebody reads, and how days and sums are written there.

One rule for pages and messages: a reader's own language counts where there are texts in it; its
region is their own, else the business's where that speaks the same language.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton
from django.conf import settings
from django.utils.translation import get_supported_language_variant


def language_of(*tags: str) -> str:
    """The first of some languages in which there are texts, such as de for de-AT."""
    for tag in tags:
        try:
            return get_supported_language_variant(tag)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def tag_of(*tags: str) -> str | None:
    """The first tag in whose language there are texts, with its region; None where none is.

    A region that nobody knows is left out.
    """
    for tag in tags:
        try:
            language = get_supported_language_variant(tag)
        except LookupError:
            continue
        return tag if _is_known(tag) else language
    return None


def _is_known(tag: str) -> bool:
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def locale_for(language: str | None, home: Locale) -> Locale:
    """The reader's language; of its regions the business's own, where it speaks that language.

    English for a business elsewhere is that of the world, which puts the day before the month.
    """
    wanted = Locale.parse(language or "en", sep="-")
    if wanted.territory is None and wanted.language == home.language:
        return home
    if wanted.territory is None and wanted.language == "en":
        return Locale.parse("en_001")
    return wanted


def locale_of(language: str, home: str) -> Locale:
    """How days and sums are written to somebody by a business, by the tags of both."""
    tag = tag_of(language, home) or settings.LANGUAGE_CODE
    return locale_for(tag, Locale.parse(home or tag, sep="-"))


def counts_to_24(home: Locale) -> bool:
    """Whether the clocks of a business's region do."""
    return "H" in str(home.time_formats["short"].pattern)


def clock(at: datetime, zone: ZoneInfo, locale: Locale, home: Locale) -> str:
    """ "19:44", or "7:44 pm" where the business's region counts to twelve."""
    return format_skeleton("Hm" if counts_to_24(home) else "hm", at, zone, locale=locale)
