"""Who brought whom, and how referrers are thanked (S11, S12)."""

from typing import Annotated

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from regulars.actions.setup.wordings import THANKS, Setting, message_setting, set_message
from regulars.api.callers import ApiRequest
from regulars.api.door import Resource
from regulars.api.members.member_shapes import BroughtOut, ReferralsOut
from regulars.api.paging import Limit
from regulars.api.requests import cursor_after, read_cursor, request_or_new
from regulars.api.scopes import Scope
from regulars.api.shapes import Note, Out, Switch, Writing, answer
from regulars.reports.referrals import Brought, list_brought

referrals = Resource("Referrals")

Cursor = Annotated[str, Query(max_length=200)]


class ReferralSettingsPatch(Writing):
    """How referrers are thanked. The points stand in the programme: `referral_points`."""

    text_message: Switch | None = None
    text: Note | None = Field(
        None, description="With variables in braces; an empty text brings the usual one back."
    )


class ReferralSettings(Out):
    """How referrers are thanked."""

    text_message: bool = Field(description="Whether the referrer gets a text message.")
    text: str = Field(description="What it says; the usual text unless one of your own is kept.")
    is_own_text: bool
    variables: list[str] = Field(description="What may stand in braces.")


@referrals.reads("/referrals", Scope.MEMBERS_READ, ReferralsOut)
def list_referrals(request: ApiRequest, cursor: Cursor = "", limit: Limit = 50) -> HttpResponse:
    """Who brought whom, the newest first."""
    before = read_cursor(cursor) if cursor else None
    found, more = list_brought(request.auth.business_id, limit=limit, before=before)
    after = cursor_after(*found[-1].key) if more else None
    return answer(ReferralsOut(referrals=[_told(one) for one in found], next_cursor=after))


@referrals.reads("/referral-settings", Scope.SETUP_READ, ReferralSettings)
def read_referral_settings(request: ApiRequest) -> HttpResponse:
    """How referrers are thanked."""
    return answer(_settings(message_setting(request.auth.business_id, THANKS)))


@referrals.writes("/referral-settings", Scope.SETUP_WRITE, ReferralSettings, method="PATCH")
def change_referral_settings(request: ApiRequest, body: ReferralSettingsPatch) -> HttpResponse:
    """Switch the text message, or put it into words of your own. Variables are checked."""
    request_or_new(request, body)
    kept = set_message(request.auth.business_id, THANKS, is_on=body.text_message, text=body.text)
    return answer(_settings(kept))


def _settings(setting: Setting) -> ReferralSettings:
    return ReferralSettings(
        text_message=setting.is_on,
        text=setting.text or setting.usual_text,
        is_own_text=bool(setting.text),
        variables=setting.variables,
    )


def _told(one: Brought) -> BroughtOut:
    return BroughtOut(
        id=one.id,
        at=one.at,
        referred_customer_id=one.referred_id,
        referred_name=one.referred,
        referrer_customer_id=one.referrer_id,
        referrer_name=one.referrer,
        operation_id=one.operation_id,
        points=one.points,
        message=one.message,
        held_why=one.held_why,
    )
