from django.urls import URLPattern, URLResolver, path, re_path

from regulars.api import views
from regulars.api.api import api
from regulars.api.errors import no_such_address

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/openapi.json", views.openapi, name="openapi"),
    path("api/docs", views.docs, name="api-docs"),
    path("api/v1/", no_such_address),
    path("api/v1/", api.urls),
    re_path(r"^api(?:/|$)", no_such_address),
]
