"""The API, put together."""

from regulars.api import errors
from regulars.api.calendar.bookings import bookings
from regulars.api.calendar.calendar import calendar
from regulars.api.door import Api, checked_first
from regulars.api.gift_cards.card_sendings import card_sendings
from regulars.api.gift_cards.gift_cards import gift_cards
from regulars.api.members.accounts import accounts
from regulars.api.members.customers import customers
from regulars.api.members.members import members
from regulars.api.members.merging import merging
from regulars.api.members.moving import moving
from regulars.api.members.own_data import own_data
from regulars.api.members.referrals import referrals
from regulars.api.requests import StrictJson
from regulars.api.sales.batches import batches
from regulars.api.sales.online_payments import online_payments
from regulars.api.sales.refunds import refunds
from regulars.api.sales.sales import sales
from regulars.api.setup.features import features
from regulars.api.setup.messages import messages
from regulars.api.setup.programmes import programmes
from regulars.api.setup.setup import setup

RESOURCES = (
    sales,
    batches,
    refunds,
    online_payments,
    members,
    accounts,
    referrals,
    gift_cards,
    card_sendings,
    customers,
    merging,
    own_data,
    moving,
    bookings,
    calendar,
    programmes,
    setup,
    features,
    messages,
)

api = Api(
    title="Regulars",
    version="1",
    description="Loyalty for places that people come back to. The guide is docs/integrating.md.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
    parser=StrictJson(),
)
checked_first(api)
errors.install(api)
for resource in RESOURCES:
    api.add_router("", resource)
