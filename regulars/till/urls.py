from django.urls import path

from regulars.till import (
    bringing,
    entrance,
    people,
    points_by_hand,
    receipts,
    refunds,
    sales,
    signing_in,
    views,
)

app_name = "till"

urlpatterns = [
    path("", views.sell, name="sell"),
    path("press/", views.press, name="press"),
    path("find/", views.find, name="find"),
    path("rewards/", views.rewards, name="rewards"),
    path("register/", people.register, name="register"),
    path("members/<uuid:member_id>/card/", people.card, name="card"),
    path("members/<uuid:member_id>/secret/", people.secret, name="secret"),
    path("members/<uuid:member_id>/points/", points_by_hand.points, name="points"),
    path("members/<uuid:member_id>/points/outcome/", points_by_hand.outcome, name="outcome"),
    path("members/<uuid:member_id>/brought-by/", bringing.brought_by, name="brought_by"),
    path("members/<uuid:member_id>/brought-by/find/", bringing.find_referrer, name="find_referrer"),
    path(
        "members/<uuid:member_id>/brought-by/points/",
        bringing.credit_bringing,
        name="credit_bringing",
    ),
    path("sales/", sales.sales, name="sales"),
    path("sales/find/", sales.find_sale, name="find_sale"),
    path("sales/<uuid:sale_id>/", sales.sale, name="sale"),
    path("sales/<uuid:sale_id>/receipt/", receipts.receipt, name="receipt"),
    path("sales/<uuid:sale_id>/receipt/email/", receipts.email, name="email_receipt"),
    path("sales/<uuid:sale_id>/refund/", refunds.refund, name="refund"),
    path("sales/<uuid:sale_id>/void/", refunds.end, {"how": "void"}, name="void"),
    path("sales/<uuid:sale_id>/forfeit/", refunds.end, {"how": "forfeit"}, name="forfeit"),
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("choose/", entrance.choose, name="choose"),
    path("lock/", entrance.lock, name="lock"),
    path("lock-now/", entrance.lock_now, name="lock_now"),
    path("unlock/", entrance.unlock, name="unlock"),
    path("pin/", entrance.own_pin, name="pin"),
    path("demo/<slug:slug>/", entrance.demo, name="demo"),
]
