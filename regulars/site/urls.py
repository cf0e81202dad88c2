from django.urls import path

from regulars.site import styleguide, views

app_name = "site"

urlpatterns = [
    path("", views.start, name="start"),
    path("s/<slug:slug>/accent.css", views.accent, name="accent"),
    path("s/<slug:slug>/members/<uuid:member_id>/", views.member, name="member"),
    # Each of these goes as soon as its page is there.
    path("s/<slug:slug>/", views.soon, name="home"),
    path("s/<slug:slug>/visits/", views.soon, name="visits"),
    path("s/<slug:slug>/points/", views.soon, name="points"),
    path("s/<slug:slug>/gift-cards/", views.soon, name="gift_cards"),
    path("s/<slug:slug>/you/", views.soon, name="you"),
    path("s/<slug:slug>/sign-in/", views.soon, name="sign_in"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("styleguide/accents.css", styleguide.accents, name="styleguide-accents"),
]
