"""Salon Linde, a hair salon in Leipzig: points for money spent, taken as rewards."""

from datetime import datetime, timedelta

from regulars.actions.members.referrals import credit_referral, note_referral
from regulars.actions.setup.setting_up import new_business
from regulars.catalogue.models import Item
from regulars.ops.demonstration.calendar import come_to, hire, hours, next_on
from regulars.ops.demonstration.shop import AGE_DAYS, Person, Shop, open_shop

HEIKE = Person("Heike Vogt", "heike@mail.example", "+49 171 3920012", "2031884")
JANA = Person("Jana Brandt", "jana@mail.example", "", "2031885")
SABINE = Person("Sabine Lorenz", "sabine@mail.example", "", "2031886")
ANNELIESE = Person("Anneliese Krüger", "", "+49 171 3920034", "2031887")
MIRIAM = Person("Miriam Özdemir", "miriam@mail.example")
"""Without a card, so that she earns nothing yet."""
STAFF = {"owner": "Katrin Seidel", "manager": "Lutz Hartmann", "cashier": "Mia Winkler"}

SERVICES = {
    "cut": ("Cut", 4_600, 45),
    "blow-dry": ("Blow-dry", 3_200, 30),
    "colour": ("Colour", 5_800, 90),
    "treatment": ("Scalp treatment", 2_400, 30),
}
PRODUCTS = {
    "shampoo": ("Shampoo, birch", 1_800),
    "cream": ("Hand cream, linden", 1_200),
    "brush": ("Brush, pear wood", 3_900),
}
REWARDS = {"cream": 168, "blow-dry": 448}


def open_salon(now: datetime) -> Shop:
    """Set up Salon Linde and everything that has happened there."""
    business = new_business(
        name="Salon Linde",
        slug="salon-linde",
        template="salon",
        currency="EUR",
        timezone="Europe/Berlin",
        locale="de",
        city="Leipzig",
        accent=(165, 68),
        at=now - timedelta(days=AGE_DAYS),
    )
    shop = open_shop(business, _items(), REWARDS, STAFF, now=now)
    joined = ((HEIKE, 390), (SABINE, 260), (MIRIAM, 240), (ANNELIESE, 180), (JANA, 70))
    for person, days in joined:
        shop.join(shop.at(days, "09:30"), person)
    _heike(shop)
    _jana(shop)
    _sabine(shop)
    _calendar(shop)
    for days in range(170, 0, -42):
        shop.buy(shop.at(days, "13:05"), ANNELIESE.name, "cut", "blow-dry")
    shop.buy(shop.at(95, "13:30"), MIRIAM.name, "blow-dry")
    shop.buy(shop.at(8, "13:30"), MIRIAM.name, "blow-dry", "treatment")
    shop.happen()
    return shop


def _items() -> list[Item]:
    services = [
        Item(
            kind=Item.Kind.SERVICE,
            sku=sku,
            name=name,
            price_minor=price,
            duration_minutes=minutes,
            online=True,
        )
        for sku, (name, price, minutes) in SERVICES.items()
    ]
    products = [
        Item(kind=Item.Kind.PRODUCT, sku=sku, name=name, price_minor=price, online=True)
        for sku, (name, price) in PRODUCTS.items()
    ]
    return services + products


def _calendar(shop: Shop) -> None:
    """Three who cut and colour, and some appointments of the next days."""
    weekdays, saturday = (1, 2, 3, 4), hours("09:00", "14:00", (5,))
    everything = list(SERVICES)
    katrin = hire(shop, "Katrin Seidel", everything, hours("09:00", "18:00", weekdays) + saturday)
    lutz = hire(shop, "Lutz Hartmann", everything, hours("11:00", "20:00", weekdays))
    hire(shop, "Mia Winkler", ["blow-dry", "treatment"], hours("09:00", "15:00", weekdays))
    for person, item, who, weekday, clock in (
        (HEIKE, "colour", katrin, 1, "10:00"),
        (SABINE, "cut", lutz, 1, "11:30"),
        (ANNELIESE, "cut", katrin, 2, "09:15"),
        (JANA, "blow-dry", lutz, 3, "17:00"),
    ):
        starts_at = next_on(shop, weekday, clock)
        come_to(shop, person.name, item, starts_at=starts_at, provider_id=who)


def _heike(shop: Shop) -> None:
    """A regular for more than a year, who has taken rewards and sent Jana."""
    for number, days in enumerate(range(388, 0, -31)):
        products = ["shampoo"] if number % 3 == 0 else []
        shop.buy(shop.at(days, "11:40"), HEIKE.name, "colour", "cut", *products)
    shop.buy(shop.at(130, "10:10"), HEIKE.name, rewards=["cream"])
    shop.buy(shop.at(50, "10:20"), HEIKE.name, "cut", rewards=["blow-dry"])
    shop.call(shop.at(69, "16:00"), lambda at: _thank(shop, at))


def _thank(shop: Shop, at: datetime) -> None:
    referred, referrer = shop.people[JANA.name], shop.people[HEIKE.name]
    noted = note_referral(
        shop.business.pk,
        referred.customer_id,
        referrer.customer_id,
        request=shop.request(at, "manager"),
    )
    credit_referral(shop.business.pk, noted.id, request=shop.request(at, "manager"))


def _jana(shop: Shop) -> None:
    """New, sent by Heike."""
    shop.buy(shop.at(70, "12:15"), JANA.name, "cut", "colour")
    shop.buy(shop.at(35, "12:15"), JANA.name, "treatment", "shampoo")
    shop.buy(shop.at(4, "12:15"), JANA.name, "cut", "shampoo")


def _sabine(shop: Shop) -> None:
    """She took a reward, then gave back what had earned it: some points are owed."""
    shop.buy(shop.at(250, "10:20"), SABINE.name, "cut")
    shop.buy(shop.at(100, "10:20"), SABINE.name, "brush", "brush", sale="brushes")
    shop.buy(shop.at(60, "10:20"), SABINE.name, rewards=["cream"])
    shop.take_back(shop.at(40, "15:00"), "brushes", "Both brushes were faulty")
