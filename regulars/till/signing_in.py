"""How staff sign in: allauth's form and its limits, our own page and words."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from regulars.actions.staff.throttling import address_of
from regulars.reports.forms import GET_OR_POST

MISMATCH = gettext_lazy("This e-mail address and password do not fit together. Try again.")
TOO_MANY = gettext_lazy("That was wrong too often. Wait five minutes, then try again.")

ENTRANCE = ("sign_in", "sign_out", "choose", "lock", "lock_now", "unlock")
"""Nobody is sent back to these."""


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Nobody signs up, and whoever signs in is told nothing but where they are."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": MISMATCH,
        "too_many_login_attempts": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's shape
        return False

    def get_login_stages(self) -> list[str]:
        return []

    def get_client_ip(self, request: HttpRequest) -> str:
        """Only an installation with encryption has something in front that tells it."""
        return address_of(request.META, behind_proxy=settings.ENCRYPTED)

    def add_message(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - allauth's shape
        """None of allauth's messages is said."""


class SignInForm(LoginForm):  # type: ignore[misc]  # see above
    """Who has left is told what a stranger is told."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.user is not None and not self.user.is_active:
            raise StaffAdapter().validation_error("email_password_mismatch")
        return cleaned

    @property
    def was_stopped(self) -> bool:
        return bool(self.has_error("__all__", "too_many_login_attempts"))


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(GET_OR_POST)
def sign_in(request: HttpRequest) -> HttpResponse:
    """E-mail address and password; then to what was wanted, else to the till."""
    to = next_of(request)
    if request.user.is_authenticated:
        return redirect(to or settings.LOGIN_REDIRECT_URL)
    if request.method != "POST":
        return _page(request, to, status=200)
    if not ratelimit.consume(request, action="login"):
        return _page(request, to, str(TOO_MANY), status=429)
    form = SignInForm(request.POST, request=request)
    if not form.is_valid():
        return _page(request, to, _what_is_wrong(form), status=429 if form.was_stopped else 422)
    answer: HttpResponse = form.login(request, redirect_url=to or None)
    begin_shift(request)
    return answer


def begin_shift(request: HttpRequest) -> None:
    """Let the session end with the shift, however busy it is."""
    ends_at = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    request.session.set_expiry(ends_at)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget everything about this shift."""
    logout(request)
    return redirect("till:sign_in")


def next_of(request: HttpRequest) -> str:
    """Where somebody wanted to go, if that is a page of ours; else nothing."""
    to = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(to, allowed_hosts=None)
    is_entrance = urlsplit(to).path in {reverse(f"till:{name}") for name in ENTRANCE}
    return to if is_ours and to.startswith("/") and not is_entrance else ""


def _what_is_wrong(form: SignInForm) -> str:
    said: list[str] = form.non_field_errors()
    return said[0] if said else _("Type your e-mail address and your password.")


def _page(request: HttpRequest, to: str, wrong: str = "", *, status: int) -> HttpResponse:
    page = {
        "next": to,
        "to_office": to.startswith(reverse("office:home")),
        "email": request.POST.get("login", "")[:254],
        "wrong": wrong,
        "demo": settings.DEMO,
    }
    return render(request, "till/sign_in.html", page, status=status)
