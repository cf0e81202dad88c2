"""Money that a payment provider has to give back: noted with what causes it, sent after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django_scopes import scope

from regulars.actions.desk import Desk
from regulars.rows import Rows
from regulars.sales.models import OnlinePayment, OnlineRefund


@dataclass(frozen=True, slots=True)
class Back:
    """What goes back to one payment of a sale, in minor units."""

    payment_id: UUID
    amount_minor: int
    refund_payment_id: UUID | None = None
    """The row of a refund that says so; None where the sale was voided."""


def give_back_online(desk: Desk, sale_id: UUID, going: Sequence[Back]) -> None:
    """Let the provider give back what was paid with it; what was paid otherwise is left alone.

    A payment called *online* that another system took is given back by that system.
    """
    if not going:
        return
    with scope(business=desk.business.id):
        taken = dict(
            OnlinePayment.objects.filter(
                sale=sale_id, payment__in=[back.payment_id for back in going]
            ).values_list("payment_id", "pk")
        )
    for back in going:
        if back.payment_id not in taken:
            continue
        online_id = taken[back.payment_id]
        ask_back(
            desk.rows,
            desk.business.id,
            online_id,
            back.amount_minor,
            at=desk.at,
            refund_payment_id=back.refund_payment_id,
        )
        if back.refund_payment_id is None:
            desk.rows.change(
                OnlinePayment,
                online_id,
                desk.business.id,
                state=str(OnlinePayment.State.RETURNED),
                ended_at=desk.at,
            )


def ask_back(
    rows: Rows,
    business_id: UUID,
    online_payment_id: UUID,
    amount_minor: int,
    *,
    at: datetime,
    refund_payment_id: UUID | None = None,
) -> UUID:
    """Note that the provider has to give money back; gives the row's id."""
    return rows.add(
        OnlineRefund,
        business_id=business_id,
        online_payment_id=online_payment_id,
        refund_payment_id=refund_payment_id,
        amount_minor=amount_minor,
        next_try_at=at,
        created_at=at,
    )
