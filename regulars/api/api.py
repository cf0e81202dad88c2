"""The API, put together."""

from regulars.api import errors
from regulars.api.accounts import accounts
from regulars.api.batches import batches
from regulars.api.bookings import bookings
from regulars.api.calendar import calendar
from regulars.api.card_sendings import card_sendings
from regulars.api.customers import customers
from regulars.api.door import Api, checked_bodies
from regulars.api.features import features
from regulars.api.gift_cards import gift_cards
from regulars.api.members import members
from regulars.api.merging import merging
from regulars.api.messages import messages
from regulars.api.moving import moving
from regulars.api.online_payments import online_payments
from regulars.api.own_data import own_data
from regulars.api.programmes import programmes
from regulars.api.referrals import referrals
from regulars.api.refunds import refunds
from regulars.api.requests import StrictJson
from regulars.api.sales import sales
from regulars.api.setup import setup

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
checked_bodies(api)
errors.install(api)
for resource in RESOURCES:
    api.add_router("", resource)
