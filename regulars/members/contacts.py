"""The one way to write a phone number or an e-mail address (C15)."""

import re
from zoneinfo import ZoneInfo

import phonenumbers
from babel.core import get_global
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberFormat

from regulars.domain.errors import EnrolmentRefused
from regulars.domain.joining import WhyNot
from regulars.members.models import Contact

LEAST_DIGITS = 7
"""Of a number without its country: what is shorter is reached only from nearby."""

MOST_EMAIL = 254


def region_of(zone: ZoneInfo) -> str | None:
    """The country in which a business dials without a country code, told by its time zone."""
    name = get_global("zone_aliases").get(zone.key, zone.key)
    region: str | None = get_global("zone_territories").get(name)
    return region


def normalise_phone(text: str, region: str | None) -> str:
    """A phone number as E.164, from any usual notation.

    Without a country code it is one of ``region``.

    Raises EnrolmentRefused (bad_phone).
    """
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException as problem:
        raise EnrolmentRefused(WhyNot.BAD_PHONE) from problem
    digits = len(phonenumbers.national_significant_number(number))
    if digits < LEAST_DIGITS or number.extension or not phonenumbers.is_possible_number(number):
        raise EnrolmentRefused(WhyNot.BAD_PHONE)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def is_assigned(text: str, region: str | None) -> bool:
    """Whether a number can be somebody's phone by its country's plan, not only by its length."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text, region))
    except NumberParseException:
        return False


def normalise_email(text: str) -> str:
    """An e-mail address in lower case.

    Raises EnrolmentRefused (bad_email).
    """
    email = text.strip().lower()
    try:
        email.encode()
        validate_email(email)
    except (UnicodeEncodeError, ValidationError) as problem:
        raise EnrolmentRefused(WhyNot.BAD_EMAIL) from problem
    if len(email) > MOST_EMAIL:
        raise EnrolmentRefused(WhyNot.BAD_EMAIL)
    return email


def normalise_contacts(phone: str, email: str, zone: ZoneInfo) -> tuple[tuple[str, str], ...]:
    """Kind and value of what was entered; nothing for an empty field.

    Raises EnrolmentRefused (bad_phone, bad_email).
    """
    contacts: list[tuple[str, str]] = []
    if email.strip():
        contacts.append((Contact.Kind.EMAIL.value, normalise_email(email)))
    if phone.strip():
        contacts.append((Contact.Kind.PHONE.value, normalise_phone(phone, region_of(zone))))
    return tuple(contacts)


def beginnings_of_phone(text: str, region: str | None) -> tuple[str, ...]:
    """How E.164 numbers may begin of which ``text`` is the beginning, in any usual notation.

    Typed in full, without its country, without the digit that is dialled in front at home, or as
    from abroad. Empty where there is no digit.
    """
    digits = "".join(letter for letter in text if letter in "0123456789")
    if not digits:
        return ()
    if text.lstrip().startswith("+"):
        return (f"+{digits}",)
    found = [f"+{digits}"]
    code = phonenumbers.country_code_for_region(region) if region else 0
    metadata = PhoneMetadata.metadata_for_region(region, None) if region else None
    if metadata is not None:
        found.append(f"+{code}{digits}")
        home = metadata.national_prefix
        if home and digits.startswith(home):
            found.append(f"+{code}{digits.removeprefix(home)}")
    abroad = re.match(f"00|{metadata.international_prefix}" if metadata else "00", digits)
    if abroad and abroad.end() < len(digits):
        found.append(f"+{digits[abroad.end() :]}")
    return tuple(dict.fromkeys(found))
