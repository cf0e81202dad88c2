"""Addresses of the office, subject by subject; one list for each module."""

from django.urls import URLPattern, path

from regulars.office import entrance, home
from regulars.office.calendar import booking_for, cancelling, opening, providers, sessions, visits
from regulars.office.loyalty import new_reward, own_points, programme, referrals, rewards
from regulars.office.people import (
    accounts,
    bringing,
    customer,
    customers,
    earlier,
    erasing,
    groups,
    merging,
    moving,
    newcomers,
    person,
    points,
    writing_off,
)
from regulars.office.selling import gift_card, gift_card_kinds, gift_cards, items
from regulars.office.setup import features, messages, wordings

app_name = "office"

_entrance = [
    path("", home.home, name="home"),
    path("choose/", entrance.choose, name="choose"),
    path("demo/<slug:slug>/", entrance.demo, name="demo"),
]

_customers = [
    path("customers/", customers.customers, name="customers"),
    path("customers/groups/", customers.change_groups, name="change_groups"),
    path("customers/new/", newcomers.new_customer, name="new_customer"),
    path("customers/<uuid:customer_id>/", customer.customer, name="customer"),
]

_groups = [
    path("customers/in-groups/", groups.groups, name="groups"),
    path("customers/in-groups/<uuid:group_id>/", groups.rename_group, name="rename_group"),
]

_person = [
    path("customers/<uuid:customer_id>/details/", person.details, name="details"),
    path("customers/<uuid:customer_id>/contacts/", person.contacts, name="contacts"),
    path(
        "customers/<uuid:customer_id>/contacts/<uuid:contact_id>/release/",
        person.release,
        name="release_contact",
    ),
    path("customers/<uuid:customer_id>/consent/", person.consent, name="consent"),
    path("customers/<uuid:customer_id>/any-reward/", person.lift_rule, name="lift_rule"),
]

_erasing = [
    path("customers/<uuid:customer_id>/erase/", erasing.erase, name="erase"),
    path("customers/<uuid:customer_id>/data/", erasing.own_data, name="own_data"),
]

_gift_cards = [
    path("gift-cards/", gift_cards.gift_cards, name="gift_cards"),
    path("gift-cards/find/", gift_cards.find_card, name="find_gift_card"),
    path("gift-cards/issue/", gift_cards.issue, name="issue_gift_card"),
    path("gift-cards/kinds/", gift_card_kinds.kinds, name="gift_card_kinds"),
    path("gift-cards/kinds/new/", gift_card_kinds.new_kind, name="new_gift_card_kind"),
    path("gift-cards/kinds/<uuid:kind_id>/", gift_card_kinds.kind, name="gift_card_kind"),
    path(
        "gift-cards/kinds/<uuid:kind_id>/loyalty/",
        gift_card_kinds.kind_loyalty,
        name="gift_card_kind_loyalty",
    ),
    path(
        "gift-cards/kinds/<uuid:kind_id>/archive/",
        gift_card_kinds.archive_kind,
        name="archive_gift_card_kind",
    ),
    path("gift-cards/<uuid:card_id>/", gift_card.gift_card, name="gift_card"),
    path("gift-cards/<uuid:card_id>/change/", gift_card.change_card, name="change_gift_card"),
    path("gift-cards/<uuid:card_id>/give-back/", gift_card.give_back, name="give_card_back"),
]

_items = [
    path("catalogue/", items.items, name="items"),
    path("catalogue/new/<slug:kind>/", items.new_item, name="new_item"),
    path("catalogue/<uuid:item_id>/", items.item, name="item"),
    path("catalogue/<uuid:item_id>/loyalty/", items.item_loyalty, name="item_loyalty"),
    path("catalogue/<uuid:item_id>/archive/", items.archive_item, name="archive_item"),
]

_calendar = [
    path("visits/", visits.visits, name="visits"),
    path("visits/<uuid:booking_id>/", visits.turn_visit, name="turn_visit"),
    path("visits/<uuid:booking_id>/cancel/", cancelling.cancel_visit, name="cancel_visit"),
    path("customers/<uuid:customer_id>/book/", booking_for.book_for, name="book_for"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/new/", sessions.new_session, name="new_session"),
    path("sessions/<uuid:session_id>/", sessions.session, name="session"),
    path("sessions/<uuid:session_id>/off/", sessions.call_off_session, name="call_off_session"),
    path("booked/", providers.providers, name="providers"),
    path("booked/new/", providers.new_provider, name="new_provider"),
    path("booked/<uuid:provider_id>/", providers.provider, name="provider"),
    path("booked/<uuid:provider_id>/archive/", providers.archive_provider, name="archive_provider"),
    path("hours/", opening.opening, name="opening"),
    path("hours/<uuid:closure_id>/open/", opening.open_again, name="open_again"),
]

_bringing = [
    path("customers/<uuid:customer_id>/brought-by/", bringing.brought_by, name="brought_by"),
    path(
        "customers/<uuid:customer_id>/brought-by/find/",
        bringing.find_referrer,
        name="find_referrer",
    ),
    path(
        "customers/<uuid:customer_id>/brought-by/points/",
        bringing.credit_bringing,
        name="credit_bringing",
    ),
]

_merging = [
    path("customers/<uuid:customer_id>/merge/", merging.choose_duplicate, name="merge_choose"),
    path("customers/<uuid:customer_id>/merge/find/", merging.find_duplicate, name="merge_find"),
    path("customers/<uuid:customer_id>/merge/<uuid:absorb_id>/", merging.merge, name="merge"),
]

_accounts = [
    path("customers/<uuid:customer_id>/account/", accounts.open_account, name="open_account"),
    path("customers/<uuid:customer_id>/move/", moving.move, name="move"),
    path(
        "customers/<uuid:customer_id>/accounts/<uuid:member_id>/",
        earlier.earlier_account,
        name="earlier_account",
    ),
    path("customers/<uuid:customer_id>/activate/", accounts.activate_account, name="activate"),
    path("customers/<uuid:customer_id>/block/", accounts.block_account, name="block"),
    path("customers/<uuid:customer_id>/card/", accounts.card, name="card"),
    path("customers/<uuid:customer_id>/secret/", accounts.secret, name="secret"),
]

_points = [
    path("points/", points.choose_customer, name="points_choose"),
    path("points/find/", points.find_customer, name="points_find"),
    path("points/<uuid:member_id>/", points.points, name="points"),
    path("points/<uuid:member_id>/outcome/", points.points_outcome, name="points_outcome"),
    path("points/<uuid:member_id>/write-off/", writing_off.forgive, name="write_off"),
]

_loyalty = [
    path("programme/", programme.programme, name="programme"),
    path("programme/items/", own_points.own_points, name="own_points"),
    path("rewards/", rewards.rewards, name="rewards"),
    path("rewards/new/", new_reward.new_reward, name="new_reward"),
    path("referrals/", referrals.referrals, name="referrals"),
    path("referrals/settings/", referrals.settings, name="referral_settings"),
    path("referrals/preview/", referrals.preview, name="thanks_preview"),
]

_features = [
    path("features/", features.features, name="features"),
    path("features/switch/", features.switch, name="switch_feature"),
    path("features/clear-after/", features.clear_after, name="clear_after"),
]

_messages = [
    path("messages/", messages.messages, name="messages"),
    path("messages/<uuid:message_id>/again/", messages.send_again, name="send_again"),
    path("messages/texts/", wordings.texts, name="message_texts"),
    path("messages/texts/<slug:template>/", wordings.message_text, name="message_text"),
    path("messages/texts/<slug:template>/preview/", wordings.preview_text, name="preview_text"),
]

urlpatterns: list[URLPattern] = [
    *_entrance,
    *_customers,
    *_groups,
    *_person,
    *_erasing,
    *_items,
    *_gift_cards,
    *_calendar,
    *_bringing,
    *_merging,
    *_accounts,
    *_points,
    *_loyalty,
    *_features,
    *_messages,
]
