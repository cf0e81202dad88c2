"""Members: found, enrolled, activated, changed."""

from contextlib import nullcontext
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from regulars.actions.members import activation, enrolment, passcodes
from regulars.actions.members import cards as card_actions
from regulars.api.callers import ApiRequest, Caller
from regulars.api.door import Resource
from regulars.api.errors import problem_with
from regulars.api.guessing import looking_up
from regulars.api.members.customers import change_person
from regulars.api.members.member_reading import read_member, read_whole_member
from regulars.api.members.member_shapes import (
    ActivateDone,
    ActivateIn,
    BalanceIn,
    BalanceOut,
    CardDone,
    CardIn,
    CardInOfMember,
    CodeIn,
    CodeSent,
    EnrolDone,
    EnrolIn,
    LookupIn,
    LookupOut,
    MemberPatch,
    MemberWhole,
    SecretIn,
)
from regulars.api.requests import request_of, request_or_new
from regulars.api.scopes import Scope
from regulars.api.shapes import answer
from regulars.api.telling import formats_of
from regulars.domain.cards import normalise_number
from regulars.domain.errors import EnrolmentRefused, NotFound
from regulars.members.models import Customer, Member
from regulars.members.queries import balance_by_card

members = Resource("Members")


@members.reads("/members/balance", Scope.MEMBERS_READ, BalanceOut, method="POST")
def balance(request: ApiRequest, body: BalanceIn) -> HttpResponse:
    """What the member has whose card this is: the quickest way to ask."""
    try:
        number = normalise_number(body.card)
    except EnrolmentRefused as refusal:
        raise NotFound("card") from refusal
    found = balance_by_card(request.auth.business_id, number, at=timezone.now())
    return answer(
        BalanceOut(
            member_id=found.member_id,
            available=found.available,
            pending=found.pending,
            owed=found.owed,
        )
    )


@members.reads("/members/lookup", Scope.MEMBERS_READ, LookupOut, method="POST")
def lookup(request: ApiRequest, body: LookupIn) -> HttpResponse:
    """Find somebody by card, secret code, phone or e-mail. Nobody found: 404.

    Who looks for too many secret codes that there are not has to wait: 429.
    """
    caller = request.auth
    with looking_up(caller, "member") if _may_be_secret(body) else nullcontext():
        found = _found(caller, body)
        if found is None:
            raise NotFound("member")
    member = read_member(caller, found.member_id, at=timezone.now()) if found.member_id else None
    return answer(LookupOut(by=found.by, customer_id=found.customer_id, member=member))


def _may_be_secret(body: LookupIn) -> bool:
    """Whether this could be somebody who tries secret codes."""
    return bool(body.secret.strip() or body.text.strip())


def _found(caller: Caller, body: LookupIn) -> card_actions.Found | None:
    given = {name: text for name, text in body.model_dump().items() if text.strip()}
    if given.keys() == {"card", "secret"}:
        return card_actions.identify_by_both(caller.business_id, body.card, body.secret)
    if len(given) != 1:
        raise problem_with("text", "name one thing to find somebody by, or card and secret")
    [(by, text)] = given.items()
    if by == "customer_number":
        return _by_number(caller, text)
    found = card_actions.identify(caller.business_id, text, zone=caller.business.zone)
    return next((each for each in found if by in {"text", each.by}), None)


def _by_number(caller: Caller, number: str) -> card_actions.Found | None:
    with scope(business=caller.business_id):
        customer = Customer.objects.filter(external_id=number).first()
        if customer is None:
            return None
        customer = customer.merged_into or customer
        open_ones = Member.objects.filter(customer=customer, closed_at__isnull=True)
        member_id = open_ones.values_list("id", flat=True).first()
    return card_actions.Found(customer.pk, member_id, "customer_number")


@members.writes("/members", Scope.MEMBERS_WRITE, EnrolDone)
def enrol(request: ApiRequest, body: EnrolIn) -> HttpResponse:
    """Make somebody a member, perhaps with a card; the welcome bonus comes with activation."""
    caller = request.auth
    asked = request_of(request, body)
    order = enrolment.EnrolOrder(
        programme_id=body.programme_id,
        how=body.how,
        customer_id=body.customer_id,
        name=body.name,
        phone=body.phone,
        email=body.email,
        consents=tuple(dict.fromkeys(body.consents)),
        card=_card(body.card) if body.card else card_actions.NO_CARD,
        code_word=body.code_word,
        group_ids=tuple(dict.fromkeys(body.group_ids)),
        language=body.language,
        note=body.note,
        source=body.source,
        external_id=body.customer_number,
    )
    done = enrolment.enrol(caller.business_id, order, request=asked)
    return answer(
        EnrolDone(
            operation_id=done.operation_id,
            customer_id=done.customer_id,
            member_id=done.member_id,
            is_active=done.is_active,
            confirm_by=done.confirm_by,
            welcome_points=done.welcome_points,
            message=done.message,
            card_number=done.card_number,
            secret=done.secret,
            text=_welcomed(caller, done.welcome_points, is_active=done.is_active),
        ),
        201,
    )


def _welcomed(caller: Caller, points: int, *, is_active: bool) -> str:
    if not is_active:
        return _("Joined; the account waits for activation.")
    if not points:
        return _("Joined")
    return _("Joined, with %(points)s to start") % {"points": formats_of(caller).points(points)}


def _card(card: CardIn) -> card_actions.CardOrder:
    return card_actions.CardOrder(
        card.number, card.generate_number, card.secret, card.generate_secret
    )


@members.reads("/members/{uuid:member_id}", Scope.MEMBERS_READ, MemberWhole)
def read_one_member(request: ApiRequest, member_id: UUID) -> HttpResponse:
    """A member with the person behind: points, level, contacts, consents, groups."""
    return answer(read_whole_member(request.auth, member_id, at=timezone.now()))


@members.writes("/members/{uuid:member_id}", Scope.MEMBERS_WRITE, MemberWhole, method="PATCH")
def change_member(request: ApiRequest, member_id: UUID, body: MemberPatch) -> HttpResponse:
    """Change what is sent; doing it twice is doing it once."""
    caller = request.auth
    business_id = caller.business_id
    with scope(business=business_id):
        member = Member.objects.filter(pk=member_id).first()
    if member is None:
        raise NotFound("member")
    change_person(request, member.customer_id, body)
    if body.blocked is not None:
        turn = enrolment.block if body.blocked else enrolment.unblock
        turn(business_id, member_id, request=request_or_new(request, body))
    return answer(read_whole_member(caller, member_id, at=timezone.now()))


@members.writes("/members/{uuid:member_id}/activation-code", Scope.MEMBERS_WRITE, CodeSent)
def send_code(
    request: ApiRequest,
    member_id: UUID,
    body: CodeIn = CodeIn(),  # noqa: B008 - never changed
) -> HttpResponse:
    """Send the customer a code, where the programme asks for one; it replaces one sent before."""
    asked = request_of(request, body)
    sent = passcodes.send_activation_code(
        request.auth.business_id, member_id, body.channel or "", request=asked
    )
    return answer(CodeSent(id=sent.id, channel=sent.channel, expires_at=sent.expires_at), 201)


@members.writes("/members/{uuid:member_id}/activate", Scope.MEMBERS_WRITE, ActivateDone)
def activate(
    request: ApiRequest,
    member_id: UUID,
    body: ActivateIn = ActivateIn(),  # noqa: B008 - never changed
) -> HttpResponse:
    """Confirm an account that waits for it: on the spot, or with the code that was sent (C19).

    The welcome bonus comes with it. A code can be told five times.
    """
    caller = request.auth
    asked, business_id = request_of(request, body), caller.business_id
    if body.code:
        done = passcodes.activate_with_code(business_id, member_id, body.code, request=asked)
    else:
        done = activation.activate(business_id, member_id, request=asked)
    formats = formats_of(caller, member_id=member_id)
    said = {"points": formats.points(done.welcome_points)}
    text = (
        _("Activated, with %(points)s to start") % said if done.welcome_points else _("Activated")
    )
    return answer(
        ActivateDone(
            operation_id=done.operation_id,
            welcome_points=done.welcome_points,
            message=done.message,
            text=text,
        ),
        201,
    )


@members.writes("/members/{uuid:member_id}/cards", Scope.MEMBERS_WRITE, CardDone)
def give_card(request: ApiRequest, member_id: UUID, body: CardInOfMember) -> HttpResponse:
    """Give a member a card; one that they have is replaced, and the points stay."""
    asked = request_of(request, body)
    given = card_actions.assign_card(
        request.auth.business_id, member_id, _card(body), request=asked
    )
    return answer(CardDone(id=given.id, number=given.number, secret=given.secret), 201)


@members.writes("/members/{uuid:member_id}/cards/secret", Scope.MEMBERS_WRITE, CardDone)
def renew_secret(request: ApiRequest, member_id: UUID, body: SecretIn = SecretIn()) -> HttpResponse:  # noqa: B008 - never changed
    """Give a member's card another secret code, typed or generated."""
    asked = request_of(request, body)
    given = card_actions.new_secret(
        request.auth.business_id, member_id, secret=body.secret, request=asked
    )
    return answer(CardDone(id=given.id, number=given.number, secret=given.secret), 201)
