"""What a business is set up with: places, tills, items, groups, kinds of gift card, coupons.

Nothing here moves value.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import ForeignKey, QuerySet
from django_scopes import scope

from regulars.actions.doing import action
from regulars.actions.once import Answer, done_once
from regulars.business.scoped import OfBusiness
from regulars.domain import coupons, giftcards
from regulars.domain.errors import NotFound
from regulars.domain.terms import Kind
from regulars.giftcards.models import Coupon, GiftCardKind
from regulars.ledger.posting import Request

M = TypeVar("M", bound=OfBusiness)


def check_kind(kind: GiftCardKind) -> None:
    """Raises GiftCardRefused, BadAmount."""
    giftcards.check_kind(
        giftcards.CardKind(
            value_minor=kind.value_minor,
            least_minor=kind.least_minor,
            most_minor=kind.most_minor,
            price_minor=kind.price_minor,
            by_points=kind.by_points,
            points_price=kind.points_price,
            validity_days=kind.validity_days,
            picture=kind.picture,
        )
    )


def check_coupon(coupon: Coupon) -> None:
    """Raises CouponRefused, BadAmount."""
    coupon.code = coupons.normalise_code(coupon.code)
    coupons.check_coupon(
        coupons.Coupon(
            percent_ppm=coupon.percent_ppm,
            amount_minor=coupon.amount_minor,
            valid_from=coupon.valid_from,
            valid_until=coupon.valid_until,
            least_purchase_minor=coupon.least_purchase_minor,
            most_uses=coupon.most_uses,
            kinds=tuple(Kind(kind) for kind in coupon.kinds),
        )
    )


CHECKS: Mapping[type[OfBusiness], Callable[[Any], None]] = {
    GiftCardKind: check_kind,
    Coupon: check_coupon,
}
"""What makes no sense of some, whichever columns are changed."""


@action
def create_resource(business_id: UUID, model: type[M], *, request: Request, **columns: Any) -> M:  # noqa: ANN401 - as the columns are
    """Make a row; the same request gives the same row again, as it stands then.

    Raises NotFound for a row named by ``columns`` that is not there, RequestIdReused, and what
    the model's check raises; IntegrityError where something unique is there already.
    """

    def create() -> Answer:
        row = model(business_id=business_id, **columns)
        _check_parents(model, columns)
        _check(row)
        row.save(force_insert=True)
        return {"id": str(row.pk)}

    with scope(business=business_id):
        told = done_once(business_id, request, (model.__name__, sorted(columns.items())), create)
        made: M = rows_of(model).get(pk=told["id"])
    return made


@action
def change_resource(business_id: UUID, model: type[M], row_id: UUID, **columns: Any) -> M:  # noqa: ANN401 - see above
    """Change a row; doing it twice is doing it once.

    Raises what ``create_resource`` raises but for its ids.
    """
    with scope(business=business_id):
        locked = rows_of(model).select_for_update(no_key=True)
        row: M | None = locked.filter(pk=row_id).first()
        if row is None:
            raise NotFound(str(model._meta.verbose_name))  # noqa: SLF001 - see above
        _check_parents(model, columns)
        for name, value in columns.items():
            setattr(row, name, value)
        _check(row)
        if columns:
            rows_of(model).filter(pk=row_id).update(**{n: getattr(row, n) for n in columns})
    return row


def rows_of(model: type[OfBusiness]) -> "QuerySet[Any]":
    """All rows of the business in scope."""
    rows: QuerySet[Any] = model._default_manager.all()  # noqa: SLF001 - whichever model
    return rows


def _check(row: OfBusiness) -> None:
    CHECKS.get(type(row), lambda _row: None)(row)


def _check_parents(model: type[OfBusiness], columns: Mapping[str, Any]) -> None:
    for field in model._meta.concrete_fields:  # noqa: SLF001 - Django's documented way to the fields
        parent = field.related_model
        parent_id = columns.get(field.attname)
        if not isinstance(field, ForeignKey) or parent_id is None:
            continue
        assert isinstance(parent, type), "a parent is a model"
        assert issubclass(parent, OfBusiness), "a parent is of the same business"
        if not rows_of(parent).filter(pk=parent_id).exists():
            raise NotFound(str(parent._meta.verbose_name))  # noqa: SLF001 - see above
