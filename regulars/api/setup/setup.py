"""Places, tills, items, groups, kinds of gift card, coupons, rewards."""

from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django_scopes import scope
from pydantic import BaseModel

from regulars.actions.members import people, rewards
from regulars.actions.setup import resources
from regulars.api.callers import ApiRequest
from regulars.api.door import Resource
from regulars.api.paging import Cursor, Limit, page
from regulars.api.requests import request_of, request_or_new
from regulars.api.scopes import Scope
from regulars.api.setup import setup_shapes as shapes
from regulars.api.shapes import Out, Writing, answer
from regulars.business.models import Place, Till
from regulars.business.scoped import OfBusiness
from regulars.catalogue.models import Item
from regulars.domain.errors import NotFound
from regulars.giftcards.models import Coupon, GiftCardKind
from regulars.programmes.models import Group, Reward

setup = Resource("Set-up")

O = TypeVar("O", bound=Out)  # noqa: E741 - what goes out
READ, WRITE = Scope.SETUP_READ, Scope.SETUP_WRITE


def told(row: OfBusiness, out: type[O]) -> O:
    """A row as it is answered: every field by its name."""
    return out(**{name: getattr(row, name) for name in out.model_fields})


def listed(
    request: ApiRequest, model: type[OfBusiness], out: type[Out], *, cursor: str, limit: int
) -> tuple[list[Any], str | None]:
    """A page of a business's rows, and the cursor of the next one."""
    with scope(business=request.auth.business_id):
        rows, after = page(resources.rows_of(model), cursor, limit)
        return [told(row, out) for row in rows], after


def made(
    request: ApiRequest, model: type[OfBusiness], out: type[Out], body: Writing
) -> HttpResponse:
    """Make a row of what was sent."""
    asked = request_of(request, body)
    columns = body.model_dump(exclude={"request_id"})
    row = resources.create_resource(request.auth.business_id, model, request=asked, **columns)
    return answer(told(row, out), 201)


def changed(
    request: ApiRequest, model: type[OfBusiness], out: type[Out], *, row_id: UUID, body: BaseModel
) -> HttpResponse:
    """Change of a row what was sent; null empties what can be empty."""
    columns = body.model_dump(exclude={"request_id", "archived"}, exclude_unset=True)
    optional = {field.attname for field in model._meta.concrete_fields if field.null}  # noqa: SLF001 - Django's documented way
    columns = {name: v for name, v in columns.items() if v is not None or name in optional}
    archived = getattr(body, "archived", None)
    if archived is not None:
        columns["archived_at"] = timezone.now() if archived else None
    row = resources.change_resource(request.auth.business_id, model, row_id, **columns)
    return answer(told(row, out))


@setup.reads("/places", READ, shapes.Places)
def list_places(request: ApiRequest, cursor: Cursor = "", limit: Limit = 50) -> HttpResponse:
    """All places."""
    rows, after = listed(request, Place, shapes.PlaceOut, cursor=cursor, limit=limit)
    return answer(shapes.Places(places=rows, next_cursor=after))


@setup.writes("/places", WRITE, shapes.PlaceOut)
def create_place(request: ApiRequest, body: shapes.PlaceIn) -> HttpResponse:
    """A new place."""
    return made(request, Place, shapes.PlaceOut, body)


@setup.writes("/places/{uuid:place_id}", WRITE, shapes.PlaceOut, method="PATCH")
def change_place(request: ApiRequest, place_id: UUID, body: shapes.PlacePatch) -> HttpResponse:
    """Change a place."""
    return changed(request, Place, shapes.PlaceOut, row_id=place_id, body=body)


@setup.reads("/tills", READ, shapes.Tills)
def list_tills(request: ApiRequest, cursor: Cursor = "", limit: Limit = 50) -> HttpResponse:
    """All tills, archived ones too."""
    rows, after = listed(request, Till, shapes.TillOut, cursor=cursor, limit=limit)
    return answer(shapes.Tills(tills=rows, next_cursor=after))


@setup.writes("/tills", WRITE, shapes.TillOut)
def create_till(request: ApiRequest, body: shapes.TillIn) -> HttpResponse:
    """A new till. Without points among what it takes, it takes none; earning goes on."""
    return made(request, Till, shapes.TillOut, body)


@setup.writes("/tills/{uuid:till_id}", WRITE, shapes.TillOut, method="PATCH")
def change_till(request: ApiRequest, till_id: UUID, body: shapes.TillPatch) -> HttpResponse:
    """Change a till: its name, what it takes, whether it is archived."""
    return changed(request, Till, shapes.TillOut, row_id=till_id, body=body)


@setup.reads("/items", READ, shapes.Items)
def list_items(request: ApiRequest, cursor: Cursor = "", limit: Limit = 50) -> HttpResponse:
    """All items, archived ones too."""
    rows, after = listed(request, Item, shapes.ItemOut, cursor=cursor, limit=limit)
    return answer(shapes.Items(items=rows, next_cursor=after))


@setup.writes("/items", WRITE, shapes.ItemOut)
def create_item(request: ApiRequest, body: shapes.ItemIn) -> HttpResponse:
    """A new item."""
    return made(request, Item, shapes.ItemOut, body)


@setup.reads("/items/{uuid:item_id}", READ, shapes.ItemOut)
def read_item(request: ApiRequest, item_id: UUID) -> HttpResponse:
    """An item."""
    with scope(business=request.auth.business_id):
        item = Item.objects.filter(pk=item_id).first()
    if item is None:
        raise NotFound("item")
    return answer(told(item, shapes.ItemOut))


@setup.writes("/items/{uuid:item_id}", WRITE, shapes.ItemOut, method="PATCH")
def change_item(request: ApiRequest, item_id: UUID, body: shapes.ItemPatch) -> HttpResponse:
    """Change an item. What was sold before stays as it was sold."""
    return changed(request, Item, shapes.ItemOut, row_id=item_id, body=body)


@setup.reads("/groups", READ, shapes.Groups)
def list_groups(request: ApiRequest, cursor: Cursor = "", limit: Limit = 50) -> HttpResponse:
    """All customer groups."""
    rows, after = listed(request, Group, shapes.GroupOut, cursor=cursor, limit=limit)
    return answer(shapes.Groups(groups=rows, next_cursor=after))


@setup.writes("/groups", WRITE, shapes.GroupOut)
def create_group(request: ApiRequest, body: shapes.GroupIn) -> HttpResponse:
    """A new customer group."""
    return made(request, Group, shapes.GroupOut, body)


@setup.writes("/groups/{uuid:group_id}", WRITE, shapes.GroupOut, method="PATCH")
def change_group(request: ApiRequest, group_id: UUID, body: shapes.GroupPatch) -> HttpResponse:
    """Give a customer group another name."""
    return changed(request, Group, shapes.GroupOut, row_id=group_id, body=body)


@setup.writes("/groups/{uuid:group_id}/customers", Scope.MEMBERS_WRITE, shapes.GroupCustomersDone)
def put_into_group(
    request: ApiRequest, group_id: UUID, body: shapes.GroupCustomersIn
) -> HttpResponse:
    """Put customers into a group or take them out, many at once; their levels follow."""
    asked, business_id = request_of(request, body), request.auth.business_id
    turn = people.put_into_group if body.inside else people.take_out_of_group
    changed_ones = turn(business_id, group_id, body.customer_ids, request=asked)
    return answer(shapes.GroupCustomersDone(changed=changed_ones), 201)


@setup.reads("/gift-card-kinds", READ, shapes.Kinds)
def list_gift_card_kinds(
    request: ApiRequest, cursor: Cursor = "", limit: Limit = 50
) -> HttpResponse:
    """All kinds of gift card, archived ones too."""
    rows, after = listed(request, GiftCardKind, shapes.KindOut, cursor=cursor, limit=limit)
    return answer(shapes.Kinds(kinds=rows, next_cursor=after))


@setup.writes("/gift-card-kinds", WRITE, shapes.KindOut)
def create_gift_card_kind(request: ApiRequest, body: shapes.KindIn) -> HttpResponse:
    """A new kind of gift card."""
    return made(request, GiftCardKind, shapes.KindOut, body)


@setup.writes("/gift-card-kinds/{uuid:kind_id}", WRITE, shapes.KindOut, method="PATCH")
def change_gift_card_kind(
    request: ApiRequest, kind_id: UUID, body: shapes.KindPatch
) -> HttpResponse:
    """Change a kind of gift card. Cards that were issued stay as they are."""
    return changed(request, GiftCardKind, shapes.KindOut, row_id=kind_id, body=body)


@setup.reads("/coupons", READ, shapes.Coupons)
def list_coupons(request: ApiRequest, cursor: Cursor = "", limit: Limit = 50) -> HttpResponse:
    """All coupons, archived ones too."""
    rows, after = listed(request, Coupon, shapes.CouponOut, cursor=cursor, limit=limit)
    return answer(shapes.Coupons(coupons=rows, next_cursor=after))


@setup.writes("/coupons", WRITE, shapes.CouponOut)
def create_coupon(request: ApiRequest, body: shapes.CouponIn) -> HttpResponse:
    """A new coupon."""
    return made(request, Coupon, shapes.CouponOut, body)


@setup.writes("/coupons/{uuid:coupon_id}", WRITE, shapes.CouponOut, method="PATCH")
def change_coupon(request: ApiRequest, coupon_id: UUID, body: shapes.CouponPatch) -> HttpResponse:
    """Change a coupon: when it holds, whether it is archived."""
    return changed(request, Coupon, shapes.CouponOut, row_id=coupon_id, body=body)


@setup.reads("/rewards", READ, shapes.Rewards)
def list_rewards(request: ApiRequest, cursor: Cursor = "", limit: Limit = 50) -> HttpResponse:
    """All rewards, archived ones too."""
    rows, after = listed(request, Reward, shapes.RewardOut, cursor=cursor, limit=limit)
    return answer(shapes.Rewards(rewards=rows, next_cursor=after))


@setup.writes("/rewards", WRITE, shapes.RewardOut)
def create_reward(request: ApiRequest, body: shapes.RewardIn) -> HttpResponse:
    """Offer an item for points. A later change of its price does not move them."""
    asked = request_of(request, body)
    order = rewards.RewardOrder(body.programme_id, body.item_id, body.points, body.first_time_only)
    business_id = request.auth.business_id
    reward_id = rewards.create_reward(business_id, order, request=asked)
    with scope(business=business_id):
        return answer(told(Reward.objects.get(pk=reward_id), shapes.RewardOut), 201)


@setup.writes("/rewards/archive", WRITE, shapes.RewardsArchived)
def archive_rewards(request: ApiRequest, body: shapes.RewardsArchiveIn) -> HttpResponse:
    """Let rewards no longer be taken, one or several at once; or let them be taken again."""
    asked, business_id = request_or_new(request, body), request.auth.business_id
    if body.archived:
        turned = rewards.archive_rewards(business_id, body.reward_ids, request=asked)
    else:
        turned = rewards.bring_back_rewards(business_id, body.reward_ids)
    return answer(shapes.RewardsArchived(changed=turned), 201)
