"""How a person is shown in a list that others may look at too: initials, contacts in part."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

HIDDEN = "···"


def initials_of(name: str) -> str:
    """Of the first and the last word; empty without a name."""
    words = name.split()
    return "".join(word[0] for word in words[:: max(len(words) - 1, 1)]).upper()


def masked_phone(phone: str) -> str:
    """A phone number (E.164) that its owner recognises and nobody else can call: +7 … 41 07."""
    if not phone:
        return ""
    try:
        number = phonenumbers.parse(phone)
    except NumberParseException:
        return f"{HIDDEN} {phone[-2:]}"
    return f"+{number.country_code} {HIDDEN} {HIDDEN} {phone[-4:-2]} {phone[-2:]}"


def readable_phone(phone: str) -> str:
    """A phone number (E.164) as people write it: +49 171 3920034."""
    try:
        number = phonenumbers.parse(phone)
    except NumberParseException:
        return phone
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def masked_email(email: str) -> str:
    """An e-mail address by its first letter and its domain."""
    local, at, domain = email.partition("@")
    return f"{local[:1]}{HIDDEN}{at}{domain}" if at else ""
