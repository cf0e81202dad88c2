"""Kiln Lane, a pottery studio in Bristol: points for classes that have ended."""

from datetime import datetime, timedelta

from regulars.actions.setup.setting_up import new_business
from regulars.catalogue.models import Item
from regulars.ops.demonstration.calendar import come_to, hire, hold, hours, next_on
from regulars.ops.demonstration.shop import AGE_DAYS, Person, Shop, open_shop

NORA = Person("Nora Ashby", "nora@mail.example", "+44 7700 900123", how="booking")
TOM = Person("Tom Whitlock", "tom@mail.example", how="booking")
PRIYA = Person("Priya Raman", "priya@mail.example", how="till")
OTHERS = [
    Person("George Pell", "george@mail.example", how="booking"),
    Person("Hannah Moore", "hannah@mail.example", how="online"),
]
STAFF = {"owner": "Isobel Grant", "manager": "Rhys Morgan", "cashier": "Ella Dunn"}

CLASSES = {
    "wheel": ("Wheel throwing, evening", 3_200, 30),
    "glaze": ("Glazing", 1_800, 20),
    "hand": ("Hand building", 2_600, 25),
}
ABOUT = {
    "wheel": "Throw your first bowls, or better ones. Clay, tools and an apron are here.",
    "glaze": "Bring what was fired, and leave with its colours.",
    "hand": "Plates, boxes and figures without a wheel. Good for beginners.",
    "lesson": "An hour at the wheel with one of us, at your own pace.",
}
"""What customers read on the site."""
PRODUCTS = {"clay": ("A bag of clay", 1_450), "tools": ("Tool set, beech", 2_400)}


def open_studio(now: datetime) -> Shop:
    """Set up Kiln Lane and everything that has happened there."""
    business = new_business(
        name="Kiln Lane",
        slug="kiln-lane",
        template="studio",
        currency="GBP",
        timezone="Europe/London",
        locale="en-GB",
        city="Bristol",
        accent=(252, 95),
        at=now - timedelta(days=AGE_DAYS),
    )
    shop = open_shop(business, _items(), {}, STAFF, now=now)
    for person, days in ((NORA, 380), (TOM, 3), (PRIYA, 210)):
        shop.join(shop.at(days, "08:15"), person)
    _nora(shop)
    for days in range(200, 0, -28):
        shop.visit(shop.at(days, "10:00"), PRIYA.name, "hand")
    shop.adjust(shop.at(21, "12:00"), PRIYA.name, 15, "Helped to unload the kiln", days=365)
    for person in OTHERS:
        shop.join(shop.at(120, "08:30"), person)
        for days in sorted(shop.random.sample(range(2, 110), 6), reverse=True):
            shop.visit(shop.at(days, "14:00"), person.name, shop.random.choice(list(CLASSES)))
    _calendar(shop)
    shop.happen()
    return shop


def _items() -> list[Item]:
    classes = [
        Item(
            kind=Item.Kind.CLASS,
            sku=sku,
            name=name,
            price_minor=price,
            own_points=points,
            duration_minutes=120,
            description=ABOUT[sku],
            online=True,
        )
        for sku, (name, price, points) in CLASSES.items()
    ]
    lesson = Item(
        kind=Item.Kind.SERVICE,
        sku="lesson",
        name="Private lesson",
        price_minor=5_500,
        own_points=50,
        duration_minutes=60,
        description=ABOUT["lesson"],
        online=True,
    )
    products = [
        Item(kind=Item.Kind.PRODUCT, sku=sku, name=name, price_minor=price, online=True)
        for sku, (name, price) in PRODUCTS.items()
    ]
    return [*classes, lesson, *products]


def _calendar(shop: Shop) -> None:
    """Two potters, their classes every week, and who comes to the next ones."""
    martha = hire(shop, "Martha Quill", ["lesson"], hours("10:00", "17:00", (1, 2, 3, 4)))
    owen = hire(shop, "Owen Pryce", ["lesson"], hours("12:00", "20:00", (2, 3, 4, 5)))
    tuesdays = hold(shop, "wheel", next_on(shop, 1, "18:30"), seats=8, provider_id=martha)
    thursdays = hold(shop, "wheel", next_on(shop, 3, "18:30"), seats=8, provider_id=martha)
    glazing = hold(shop, "glaze", next_on(shop, 2, "18:30"), seats=10, provider_id=owen)
    saturdays = hold(shop, "hand", next_on(shop, 5, "10:00"), seats=8, provider_id=owen)
    george, hannah = (person.name for person in OTHERS)
    come_to(shop, TOM.name, "wheel", session_id=tuesdays[0])
    come_to(shop, george, "wheel", session_id=tuesdays[0], seats=2)
    come_to(shop, hannah, "wheel", session_id=thursdays[0], seats=5)  # With friends: it is full.
    come_to(shop, george, "wheel", session_id=thursdays[0], seats=3)
    come_to(shop, NORA.name, "glaze", session_id=glazing[0])
    come_to(shop, PRIYA.name, "hand", session_id=saturdays[0], seats=2)
    lesson = next_on(shop, 4, "14:00")
    come_to(shop, hannah, "lesson", starts_at=lesson, provider_id=owen)


def _nora(shop: Shop) -> None:
    """Six classes this autumn; of a course a year ago, what became no gift card expires soon."""
    for days in range(364, 358, -1):
        shop.visit(shop.at(days, "19:00"), NORA.name, "hand")
    for days, item in ((357, "wheel"), (350, "glaze"), (343, "wheel")):
        shop.visit(shop.at(days, "19:00"), NORA.name, item)
    for days in range(63, 20, -8):
        shop.visit(shop.at(days, "19:00"), NORA.name, "wheel")
    shop.buy(shop.at(22, "19:40"), NORA.name, "clay", "tools")
    shop.exchange(shop.at(12, "20:15"), NORA.name, "£15 for anything here")
    shop.visit(shop.at(1, "19:00"), NORA.name, "glaze")
