"""Erasing a customer: nothing of the person stays, and every sum does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django_scopes import scope

from regulars.actions.desk import Desk, open_desk
from regulars.actions.doing import action
from regulars.actions.facts import Asked
from regulars.actions.members.login_codes import contact_hash
from regulars.actions.staff.limits import APPROVERS, acting_staff, check_role
from regulars.domain.errors import EraseRefused, NotFound
from regulars.ledger.posting import Kind, Request
from regulars.members.models import LoginCode, Member
from regulars.members.queries import balance_of_member
from regulars.rows import new_id


@dataclass(frozen=True, slots=True)
class Erased:
    """What went with a customer; the same when the request is repeated."""

    operation_id: UUID
    points: int
    """That were left, pending ones too: they are given up."""
    gift_cards: int
    """That were theirs: whoever knows the codes can still pay with them."""


@dataclass(frozen=True, slots=True)
class Goes:
    """What would go with a customer, or why it cannot be done yet."""

    points: int
    gift_cards: int
    why: str
    """open_sales, bookings_to_come, erased; "" = it can be done."""


@dataclass(frozen=True, slots=True)
class _Stands:
    """Where a customer stands, under lock."""

    customer_id: UUID
    member_id: UUID | None
    is_erased: bool
    open_sales: int
    bookings: int
    gift_cards: int

    @property
    def why_not(self) -> str:
        if self.is_erased:
            return "erased"
        if self.open_sales:
            return "open_sales"
        return "bookings_to_come" if self.bookings else ""


def what_goes(business_id: UUID, customer_id: UUID, *, at: datetime) -> Goes:
    """What erasing a customer would come to; reads only. Raises NotFound."""
    stands = _read(business_id, customer_id, at=at)
    points = 0
    if stands.member_id is not None:
        balance = balance_of_member(business_id, stands.member_id, at=at)
        points = balance.available + balance.pending
    return Goes(points, stands.gift_cards, stands.why_not)


@action
def erase_customer(
    business_id: UUID, customer_id: UUID, *, by_customer: bool = False, request: Request
) -> Erased:
    """Erase a customer for good: the account closes, its points are given up, the person goes.

    By an owner or manager, or ``by_customer`` themselves. Names, contacts, notes, greetings,
    sessions and codes go from every table; what was bought and every sum stays, as nobody's.
    Entries that were merged into this one go with it; one that was merged goes with the one kept.

    Raises NotFound, NotAllowed, EraseRefused (open_sales, bookings_to_come, erased),
    RequestIdReused, OutOfOrder, MonthClosed.
    """
    digest = request.hash_of("erase_customer", [customer_id])
    _lock(business_id, customer_id)
    stands = _read(business_id, customer_id, at=request.at)
    desk = open_desk(business_id, stands.member_id, request, Asked())
    posted = desk.posted(digest)
    if posted is not None:
        return Erased(posted[0], **posted[1]["erase"])
    if not by_customer:
        check_role(acting_staff(business_id, request.actor), APPROVERS)
    if stands.why_not:
        raise EraseRefused(stands.why_not)
    operation_id = new_id()
    points = _give_up(desk, operation_id)
    told = {"points": points, "gift_cards": stands.gift_cards}
    desk.post(Kind.ERASE, operation_id, {"erase": told}, digest=digest)
    desk.rows.write()
    _forget(business_id, stands.customer_id, desk)
    return Erased(operation_id, **told)


def _lock(business_id: UUID, customer_id: UUID) -> None:
    """Lock the customer, before any account: nobody merges, books or signs in meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.id FROM members_customer w WHERE w.business_id = %s AND w.id ="
            " (SELECT coalesce(c.merged_into_id, c.id) FROM members_customer c"
            "  WHERE c.business_id = %s AND c.id = %s) FOR NO KEY UPDATE",
            [business_id, business_id, customer_id],
        )


_STANDS = """
SELECT w.id, m.id, w.erased_at IS NOT NULL,
  (SELECT count(*) FROM sales_sale s
   WHERE s.business_id = w.business_id AND s.state = 'open'
     AND (s.customer_id = w.id OR s.member_id = m.id)),
  (SELECT count(*) FROM bookings_booking k
   WHERE k.business_id = w.business_id AND k.customer_id = w.id AND k.state = 'booked'
     AND k.ends_at > %(at)s),
  (SELECT count(*) FROM giftcards_giftcard g
   WHERE g.business_id = w.business_id AND g.owner_id = w.id AND g.state <> 'closed')
FROM members_customer c
JOIN members_customer w
  ON w.business_id = c.business_id AND w.id = coalesce(c.merged_into_id, c.id)
LEFT JOIN members_member m
  ON m.business_id = w.business_id AND m.customer_id = w.id AND m.closed_at IS NULL
WHERE c.business_id = %(business)s AND c.id = %(customer)s
"""


def _read(business_id: UUID, customer_id: UUID, *, at: datetime) -> _Stands:
    """Raises NotFound."""
    asked: dict[str, Any] = {"business": business_id, "customer": customer_id, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_STANDS, asked)
        row = cursor.fetchone()
    if row is None:
        raise NotFound("customer")
    return _Stands(*row)


def _give_up(desk: Desk, operation_id: UUID) -> int:
    """Close the account: what is left on it is nobody's, what is owed is let go. Gives points."""
    account = desk.account
    if account is None:
        return 0
    points = account.give_up(operation_id)
    desk.rows.change(Member, account.facts.id, desk.business.id, closed_at=desk.at)
    return points


# Everything that names a person, or lets somebody act as one. Consents, visits and purchases stay
# as somebody's: the row of the customer is empty then.
_FORGET = """
WITH who AS MATERIALIZED (
  SELECT c.id FROM members_customer c
  WHERE c.business_id = %(business)s AND (c.id = %(customer)s OR c.merged_into_id = %(customer)s)
), accounts AS MATERIALIZED (
  SELECT m.id, m.account_id FROM members_member m
  WHERE m.business_id = %(business)s AND m.customer_id = ANY(ARRAY(SELECT id FROM who))
), contacts AS MATERIALIZED (
  SELECT w.id, w.value FROM members_contact w
  WHERE w.business_id = %(business)s AND w.customer_id = ANY(ARRAY(SELECT id FROM who))
), codes AS (
  DELETE FROM members_activationcode k
  WHERE k.business_id = %(business)s AND k.member_id = ANY(ARRAY(SELECT id FROM accounts))
), sessions AS (
  DELETE FROM members_customersession s
  WHERE s.business_id = %(business)s AND s.customer_id = ANY(ARRAY(SELECT id FROM who))
), groups AS (
  DELETE FROM members_groupmember g
  WHERE g.business_id = %(business)s AND g.customer_id = ANY(ARRAY(SELECT id FROM who))
), cards AS (
  UPDATE members_card k SET number = 'ERASED ' || k.id, secret_hash = NULL,
    replaced_at = coalesce(k.replaced_at, %(at)s)
  WHERE k.business_id = %(business)s AND k.member_id = ANY(ARRAY(SELECT id FROM accounts))
), gift_cards AS (
  UPDATE giftcards_giftcard g SET owner_id = NULL
  WHERE g.business_id = %(business)s AND g.owner_id = ANY(ARRAY(SELECT id FROM who))
), sendings AS (
  UPDATE giftcards_giftcardsending x SET sender_id = NULL, to_name = '', to_email = '',
    from_name = '', greeting = '',
    state = CASE x.state WHEN 'planned' THEN 'cancelled' ELSE x.state END
  WHERE x.business_id = %(business)s AND (x.sender_id = ANY(ARRAY(SELECT id FROM who))
    OR lower(x.to_email) = ANY(ARRAY(SELECT value FROM contacts)))
), messages AS (
  UPDATE notices_message x SET data = x.data - 'to' - 'device'
  WHERE x.business_id = %(business)s AND x.customer_id = ANY(ARRAY(SELECT id FROM who))
    AND x.data ?| ARRAY['to', 'device']
), notes AS (
  UPDATE ledger_operation o SET note = ''
  WHERE o.business_id = %(business)s AND o.note <> '' AND (
    o.account_id = ANY(ARRAY(SELECT account_id FROM accounts))
    OR o.id = ANY(ARRAY(
      SELECT r.operation_id FROM sales_refund r
      JOIN sales_sale s ON s.business_id = r.business_id AND s.id = r.sale_id
      WHERE r.business_id = %(business)s
        AND (s.member_id IS NULL AND s.customer_id = ANY(ARRAY(SELECT id FROM who))
          OR s.member_id = ANY(ARRAY(SELECT id FROM accounts)))))
    OR o.account_id = ANY(ARRAY(
      SELECT g.account_id FROM giftcards_giftcard g
      WHERE g.business_id = %(business)s AND g.owner_id = ANY(ARRAY(SELECT id FROM who)))))
)
UPDATE members_customer c SET name = '', language = '', code_word_encrypted = NULL, note = '',
  born = NULL, external_id = '', source = '', erased_at = %(at)s
WHERE c.business_id = %(business)s AND c.id = ANY(ARRAY(SELECT id FROM who))
"""

# Of their own statement: the codes that point to them have to be gone first.
_FORGET_CONTACTS = """
WITH who AS MATERIALIZED (
  SELECT c.id FROM members_customer c
  WHERE c.business_id = %(business)s AND (c.id = %(customer)s OR c.merged_into_id = %(customer)s)
)
DELETE FROM members_contact w
WHERE w.business_id = %(business)s AND w.customer_id = ANY(ARRAY(SELECT id FROM who))
RETURNING w.kind, w.value
"""


def _forget(business_id: UUID, customer_id: UUID, desk: Desk) -> None:
    """Take the person out of every table, the codes sent to their contacts too."""
    whose: dict[str, Any] = {"business": business_id, "customer": customer_id, "at": desk.at}
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, whose)
        cursor.execute(_FORGET_CONTACTS, whose)
        codes_to = [contact_hash(kind, value) for kind, value in cursor.fetchall()]
    with scope(business=business_id):
        LoginCode.objects.filter(to_hash__in=codes_to).delete()
