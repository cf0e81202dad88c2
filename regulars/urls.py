"""Every address, door by door."""

from django.urls import URLPattern, URLResolver, include, path

from regulars.ops import views as ops

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", ops.healthz, name="healthz"),
    path("", include("regulars.api.urls")),
    path("", include("regulars.site.urls")),
    path("till/", include("regulars.till.urls")),
    path("office/", include("regulars.office.urls")),
]
