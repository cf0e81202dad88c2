"""Zarya, a cinema with a bar in Moscow: cashback by level, bonuses as payment."""

from datetime import datetime, timedelta
from importlib.resources import files
from uuid import UUID

from django_scopes import scope

from regulars.actions.giftcards.cards import issue_gift_card
from regulars.actions.setup.resources import change_resource
from regulars.actions.setup.setting_up import bring_in, new_business
from regulars.business.models import Business, Place, Till
from regulars.catalogue.models import Item
from regulars.ops.demonstration.shop import AGE_DAYS, Person, Shop, open_shop
from regulars.programmes.toml import from_toml

IRINA = Person("Irina Sokolova", "irina@mail.example", "+7 912 000-41-07", "440211870936")
TIMUR = Person("Timur Akhmetov", "timur@mail.example", "", "440211870944")
OLGA = Person("Olga Lebedeva", "olga@mail.example", "", "440211870952")
NINA = Person("Nina Orlova", "nina@mail.example", "", "440211870960")
OTHERS = [
    Person("Viktor Belov", "viktor@mail.example"),
    Person("Alla Komarova", "alla@mail.example"),
    Person("Denis Zaytsev", "denis@mail.example"),
    Person("Rimma Gareeva", "rimma@mail.example"),
]
STAFF = {"owner": "Galina Morozova", "manager": "Anton Reznik", "cashier": "Pavel Kuznetsov"}

TICKETS = {
    "sea": ("The Quiet Sea", 20_000),
    "premiere": ("Northern Lights, premiere", 31_000),
    "winter": ("Winter Garden", 29_000),
    "lantern": ("The Lantern Street", 25_000),
}
UNDER_MEMORANDUM = {"sea", "premiere"}
FILMS = {
    "sea": "A lighthouse, two sisters, one winter. 1 h 52 min.",
    "premiere": "With the director in the hall. 2 h 10 min.",
    "winter": "A comedy about a greenhouse. 1 h 38 min.",
    "lantern": "For the whole family. 1 h 24 min.",
}
"""What customers read on the site."""
NOT_ONLINE = {"party", "banquet"}
"""What has to be talked about first."""
BAR = {
    "popcorn": ("Popcorn, caramel, large", 12_000),
    "cola": ("Cola, 0.5 l", 8_000),
    "nachos": ("Nachos with cheese", 24_000),
    "coffee": ("Coffee", 14_000),
    "party": ("Birthday table at the bar", 240_000),
    "banquet": ("Company evening at the bar", 500_000),
}

IRINAS_EVENINGS = (
    (88, "lantern lantern popcorn"),
    (83, "winter coffee cola"),
    (78, "lantern coffee popcorn"),
    (71, "lantern lantern"),
    (64, "winter popcorn cola"),
    (58, "winter cola"),
    (51, "winter winter nachos"),
    (44, "lantern lantern cola"),
    (37, "winter winter cola"),
    (30, "lantern lantern"),
    (25, "winter"),
    (20, "lantern lantern"),
)
"""The twelfth within 90 days brings her to Silver; together they earn 85 bonuses."""


def open_cinema(now: datetime) -> Shop:
    """Set up Zarya and everything that has happened there."""
    began = now - timedelta(days=AGE_DAYS)
    business = new_business(
        name="Zarya",
        slug="zarya",
        template="cinema",
        currency="RUB",
        timezone="Europe/Moscow",
        locale="ru",
        city="Moscow",
        accent=(12, 105),
        at=began,
    )
    _name_till(business)
    _save_programme(business, began)
    shop = open_shop(business, _items(), {}, STAFF, now=now)
    for person, days in ((IRINA, 310), (TIMUR, 300), (NINA, 160), (OLGA, 2)):
        shop.join(shop.at(days, "17:00"), person)
    _irina(shop)
    _timur(shop)
    _nina(shop)
    _others(shop)
    shop.happen()
    return shop


def _name_till(business: Business) -> None:
    with scope(business=business):
        till = Till.objects.get()
    change_resource(business.pk, Place, till.place_id, name="Foyer")
    change_resource(business.pk, Till, till.pk, name="till 2")


def _save_programme(business: Business, at: datetime) -> None:
    text = (files(__package__) / "zarya.toml").read_text("utf-8")
    draft = from_toml(text, zone=business.zone, minor_per_major=business.minor_per_major)
    with scope(business=business):
        bring_in(business.pk, draft, author=None, at=at)


def _items() -> list[Item]:
    tickets = [
        Item(
            kind=Item.Kind.TICKET,
            sku=sku,
            name=name,
            price_minor=price,
            memorandum=sku in UNDER_MEMORANDUM,
            description=FILMS[sku],
            online=True,
        )
        for sku, (name, price) in TICKETS.items()
    ]
    bar = [
        Item(
            kind=Item.Kind.PRODUCT,
            sku=sku,
            name=name,
            price_minor=price,
            online=sku not in NOT_ONLINE,
        )
        for sku, (name, price) in BAR.items()
    ]
    return tickets + bar


def _irina(shop: Shop) -> None:
    """Silver, on her way to Gold: 245 bonuses, 30 to come, 60 that expire before long."""
    name = IRINA.name
    shop.buy(shop.at(212), name, *["nachos"] * 4, *["cola"] * 3, "coffee")
    shop.buy(shop.at(178), name, "party")
    for days, items in IRINAS_EVENINGS:
        shop.buy(shop.at(days), name, *items.split())
    shop.adjust(shop.at(18, "11:05"), name, 100, "Sorry about the projector on Sunday")
    shop.buy(shop.at(14), name, *["premiere"] * 4, points=True)
    shop.buy(shop.at(7), name, "popcorn", "cola", "winter", "sea")


def _timur(shop: Shop) -> None:
    """Gold since the autumn: he comes every few days, and pays with what he has."""
    for number, days in enumerate(range(118, 2, -5)):
        items = ["winter", "winter", "nachos", "cola"] if number % 3 else ["lantern", "coffee"]
        shop.buy(shop.at(days), TIMUR.name, *items, points=number % 4 == 3)
    shop.buy(shop.at(40, "20:00"), TIMUR.name, "banquet")


def _nina(shop: Shop) -> None:
    """She gave back a table whose bonuses had been spent by then: what is missing is owed."""
    name = NINA.name
    shop.buy(shop.at(60), name, "party", sale="table")
    shop.adjust(shop.at(30), name, -60, "Exchanged for a poster at the desk")
    shop.take_back(shop.at(12), "table", "The birthday was called off")


def _others(shop: Shop) -> None:
    """People who come now and then; one of them with a gift card."""
    cards: list[UUID] = []

    def give_card(at: datetime) -> None:
        issued = issue_gift_card(
            shop.business, kind=None, value_minor=200_000, active=True, request=shop.request(at)
        )
        cards.append(issued.id)

    shop.call(shop.at(90), give_card)
    for person in OTHERS:
        shop.join(shop.at(150, "12:00"), person)
        for days in sorted(shop.random.sample(range(3, 149), 14), reverse=True):
            shop.buy(
                shop.at(days),
                person.name,
                *shop.random.choices(["winter", "lantern", "sea"], k=shop.random.randint(1, 2)),
                *shop.random.sample(["popcorn", "cola", "nachos", "coffee"], 1),
                points=shop.random.random() < 0.3,
            )
    shop.buy(shop.at(45, "21:00"), OTHERS[0].name, "winter", "popcorn", gift_card=lambda: cards[0])
