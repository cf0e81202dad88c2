"""A sale taken in hand: locked by its member's account, and read whole."""

from uuid import UUID

from django.db import connection

from regulars.actions.facts import PLANNED_ONCE, lock_member
from regulars.domain.errors import NotFound
from regulars.ledger.posting import lock_key
from regulars.sales.queries import SaleFacts, read_sale


def lock_sale(business_id: UUID, sale_id: UUID) -> UUID | None:
    """Lock a sale: by its member's account, as everywhere, or by its id where it is nobody's.

    Gives the member whose account is locked. Raises NotFound.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.member_id, {PLANNED_ONCE} FROM ledger_account a"  # noqa: S608 - a constant
            " JOIN members_member m ON m.business_id = a.business_id AND m.account_id = a.id"
            " JOIN sales_sale s ON s.business_id = m.business_id AND s.member_id = m.id"
            " WHERE s.business_id = %s AND s.id = %s FOR NO KEY UPDATE OF a",
            [business_id, sale_id],
        )
        row = cursor.fetchone()
        if row is None:
            # Not by its row: who waits here may have to lock the account of somebody who has joined
            # meanwhile, and whoever holds that account writes the row.
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s) FROM sales_sale"
                " WHERE business_id = %s AND id = %s",
                [lock_key(sale_id), business_id, sale_id],
            )
            if cursor.fetchone() is None:
                raise NotFound("sale")
            return None
    member_id: UUID = row[0]
    return member_id


def take_sale(business_id: UUID, sale_id: UUID) -> SaleFacts:
    """Lock a sale and read it whole; once more where it has got another account meanwhile.

    Its account was merged into another one, or its customer has joined by it.

    Raises NotFound.
    """
    locked = lock_sale(business_id, sale_id)
    sale = read_sale(business_id, sale_id)
    if sale.member_id is not None and sale.member_id != locked:
        lock_member(business_id, sale.member_id)
        sale = read_sale(business_id, sale_id)
    return sale
