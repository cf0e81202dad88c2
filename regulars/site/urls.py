from django.urls import path

from regulars.site import styleguide, views

app_name = "site"

urlpatterns = [
    path("", views.start, name="start"),
    path("s/<slug:slug>/accent.css", views.accent, name="accent"),
    path("s/<slug:slug>/members/<uuid:member_id>/", views.member, name="member"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("styleguide/accents.css", styleguide.accents, name="styleguide-accents"),
]
