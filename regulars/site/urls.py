from django.urls import path

from regulars.site import home, styleguide, views
from regulars.site.booking import booking
from regulars.site.buying import confirming, done, how_to_pay, pay_test, paying, shop, your_details
from regulars.site.giving import card_codes, gift_cards, own_gift_cards, sending_cards
from regulars.site.own import (
    card,
    changing,
    own_contacts,
    own_data,
    points,
    proving,
    rewards,
    signing_in,
    visits,
    you,
)

app_name = "site"

urlpatterns = [
    path("", views.start, name="start"),
    path("s/<slug:slug>/accent.css", views.accent, name="accent"),
    path("s/<slug:slug>/members/<uuid:member_id>/", signing_in.demo, name="member"),
    # Booking and buying
    path("s/<slug:slug>/", home.home, name="home"),
    path("s/<slug:slug>/book/<uuid:item_id>/", booking.book, name="book"),
    path("s/<slug:slug>/book/<uuid:item_id>/days/", booking.days, name="days"),
    path("s/<slug:slug>/book/<uuid:item_id>/times/", booking.times, name="times"),
    path("s/<slug:slug>/basket/", shop.show, name="basket"),
    path("s/<slug:slug>/basket/add/", shop.add, name="basket_add"),
    path("s/<slug:slug>/basket/change/", shop.change, name="basket_change"),
    path("s/<slug:slug>/checkout/", your_details.your_details, name="your_details"),
    path("s/<slug:slug>/checkout/pay/", how_to_pay.how_to_pay, name="how_to_pay"),
    path("s/<slug:slug>/checkout/confirm/", confirming.confirm, name="confirm"),
    path("s/<slug:slug>/done/<str:token>/", done.done, name="done"),
    path("s/<slug:slug>/done/<str:token>/pay/", done.done_pay, name="done_pay"),
    path("s/<slug:slug>/done/<str:token>/calendar/", done.done_calendar, name="done_calendar"),
    path("s/<slug:slug>/visits/", visits.visits, name="visits"),
    path("s/<slug:slug>/visits/<uuid:booking_id>/", visits.visit, name="visit"),
    path(
        "s/<slug:slug>/visits/<uuid:booking_id>/calendar/",
        visits.visit_calendar,
        name="visit_calendar",
    ),
    path("s/<slug:slug>/visits/<uuid:booking_id>/move/", changing.move, name="move_visit"),
    path("s/<slug:slug>/visits/<uuid:booking_id>/move/to/", changing.move_to, name="move_visit_to"),
    path("s/<slug:slug>/visits/<uuid:booking_id>/cancel/", changing.cancel, name="cancel_visit"),
    path("s/<slug:slug>/sign-in/", signing_in.sign_in, name="sign_in"),
    path("s/<slug:slug>/sign-in/code/", signing_in.sign_in_code, name="sign_in_code"),
    path("s/<slug:slug>/sign-in/whose/", proving.whose, name="sign_in_whose"),
    path("s/<slug:slug>/sign-in/whose/code/", proving.proof_code, name="sign_in_proof"),
    path("s/<slug:slug>/sign-in/whose/anew/", proving.anew, name="sign_in_anew"),
    path("s/<slug:slug>/sign-out/", signing_in.sign_out, name="sign_out"),
    path("s/<slug:slug>/points/", points.points, name="points"),
    path("s/<slug:slug>/points/card/", card.card, name="card"),
    path("s/<slug:slug>/points/rewards/", rewards.rewards, name="rewards"),
    path("s/<slug:slug>/you/", you.you, name="you"),
    path("s/<slug:slug>/you/data/", own_data.own_data, name="own_data"),
    path("s/<slug:slug>/you/erase/", own_data.erase, name="erase"),
    path("s/<slug:slug>/you/profile/", you.profile, name="you_profile"),
    path("s/<slug:slug>/you/contact/", own_contacts.new_contact, name="you_contact"),
    path("s/<slug:slug>/you/contact/code/", own_contacts.contact_code, name="you_contact_code"),
    path("s/<slug:slug>/you/contact/<uuid:contact_id>/give-up/", you.give_up, name="you_give_up"),
    path("s/<slug:slug>/you/messages/<slug:channel>/", you.consent, name="you_consent"),
    path("s/<slug:slug>/you/devices/<uuid:session_id>/", you.end_device, name="you_end_device"),
    path("s/<slug:slug>/you/devices/others/", you.end_others, name="you_end_others"),
    # Gift cards
    path("s/<slug:slug>/gift-cards/", gift_cards.gift_cards, name="gift_cards"),
    path("s/<slug:slug>/gift-cards/check/", card_codes.check_gift_card, name="check_gift_card"),
    path("s/<slug:slug>/gift-cards/add/", card_codes.add_gift_card, name="add_gift_card"),
    path("s/<slug:slug>/gift-cards/yours/", own_gift_cards.own_gift_cards, name="own_gift_cards"),
    path(
        "s/<slug:slug>/gift-cards/yours/<uuid:card_id>/",
        own_gift_cards.own_gift_card,
        name="own_gift_card",
    ),
    path(
        "s/<slug:slug>/gift-cards/yours/<uuid:card_id>/paper/",
        own_gift_cards.paper_gift_card,
        name="paper_gift_card",
    ),
    path(
        "s/<slug:slug>/gift-cards/yours/<uuid:card_id>/send/",
        sending_cards.send_gift_card,
        name="send_gift_card",
    ),
    path(
        "s/<slug:slug>/gift-cards/yours/<uuid:card_id>/sendings/<uuid:sending_id>/cancel/",
        sending_cards.cancel_gift_card,
        name="cancel_gift_card",
    ),
    path("s/<slug:slug>/gift-cards/<uuid:kind_id>/take/", gift_cards.take, name="take_gift_card"),
    path("s/<slug:slug>/gift-cards/<uuid:kind_id>/buy/", gift_cards.buy, name="buy_gift_card"),
    # Paying online
    path("s/<slug:slug>/webhooks/<slug:provider>/", paying.webhook, name="webhook"),
    path("pay-test/<slug:reference>/", pay_test.pay_test, name="pay_test"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("styleguide/accents.css", styleguide.accents, name="styleguide-accents"),
]
