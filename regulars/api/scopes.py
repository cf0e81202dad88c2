"""What a key may do."""

from enum import StrEnum


class Scope(StrEnum):
    """One right of a key. The names are public."""

    SALES_READ = "sales:read"
    SALES_WRITE = "sales:write"
    SALES_REFUND = "sales:refund"
    SALES_BACKDATE = "sales:backdate"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    ADJUSTMENTS_WRITE = "adjustments:write"
    GIFT_CARDS_READ = "giftcards:read"
    GIFT_CARDS_WRITE = "giftcards:write"
    BOOKINGS_READ = "bookings:read"
    BOOKINGS_WRITE = "bookings:write"
    SETUP_READ = "setup:read"
    SETUP_WRITE = "setup:write"


MEANINGS = {
    Scope.SALES_READ: "quote, and read sales",
    Scope.SALES_WRITE: "sell, take payments, void, forfeit",
    Scope.SALES_REFUND: "refund",
    Scope.SALES_BACKDATE: "state times in the past, for imports",
    Scope.MEMBERS_READ: "look members up and read what they have",
    Scope.MEMBERS_WRITE: "enrol, activate, give cards, change contacts and consents",
    Scope.ADJUSTMENTS_WRITE: "add and take points by hand",
    Scope.GIFT_CARDS_READ: "look gift cards up",
    Scope.GIFT_CARDS_WRITE: "issue, activate, block and close gift cards, also for points",
    Scope.BOOKINGS_READ: "read bookings",
    Scope.BOOKINGS_WRITE: "book, move, cancel (what was paid goes back), say who came",
    Scope.SETUP_READ: "read programmes, items, places, tills, groups, rewards, coupons",
    Scope.SETUP_WRITE: "change them",
}
