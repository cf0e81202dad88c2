"""Guessing gift card codes on the site: one answer for all that is not active, then 429."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from regulars.actions.giftcards.cards import find_gift_card, read_code
from regulars.actions.giftcards.guessing import look_up_by_stranger
from regulars.actions.giftcards.states import block_gift_card, close_gift_card
from regulars.actions.staff.throttling import SITE_CODES_OF_ADDRESS, SITE_CODES_OF_BUSINESS
from regulars.domain.errors import NotFound, Refusal, TooManyGuesses
from regulars.giftcards.models import GiftCard
from regulars.ledger.posting import Request
from regulars.reports import refusing
from regulars.rows import new_id
from tests.actions.samples import a_staff
from tests.actions.selling_builders import NOON, Shop, a_shop, asked
from tests.reports.test_wording import formats_in

pytestmark = [pytest.mark.django_db, pytest.mark.row("B11")]

HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"
NO_CODE = "0000-0000-0000-0000"
TEN_MINUTES = timedelta(minutes=10)


def code_of(shop: Shop, card_id: UUID) -> str:
    with scope(business=shop.business):
        return read_code(GiftCard.objects.get(pk=card_id))


def guess(
    shop: Shop, code: str = NO_CODE, *, address: str = HERE, at: timedelta | None = None
) -> Refusal:
    with pytest.raises(Refusal) as refused:
        look_up_by_stranger(shop.id, code, address, NOON + (at or timedelta()))
    return refused.value


def guess_often(shop: Shop, times: int, *, address: str = HERE) -> None:
    for _ in range(times):
        assert isinstance(guess(shop, address=address), NotFound)


def a_card_in(shop: Shop, state: str) -> UUID:
    if state == "inactive":
        return shop.a_gift_card(20_00, active=False)
    card = shop.a_gift_card(20_00)
    if state in {"blocked", "closed"}:
        block_gift_card(shop.id, card, request=asked())
    if state == "closed":
        owner = a_staff(shop.business, "owner")
        close_gift_card(shop.id, card, note="lost", request=Request(new_id(), NOON, owner))
    return card


def test_whoever_knows_a_code_is_told_what_is_on_the_card() -> None:
    shop = a_shop()
    card = shop.a_gift_card(20_00)

    told = look_up_by_stranger(shop.id, code_of(shop, card).lower(), HERE, NOON)

    assert (told.card.pk, told.left_minor, told.is_usable(NOON)) == (card, 20_00, True)


@pytest.mark.parametrize("state", ["inactive", "blocked", "closed", "unknown"])
def test_what_is_not_active_gets_one_answer_by_the_same_statements(state: str) -> None:
    shop = a_shop()
    code = NO_CODE if state == "unknown" else code_of(shop, a_card_in(shop, state))

    with CaptureQueriesContext(connection) as done:
        refusal = guess(shop, code)

    assert (refusal.code, str(refusal)) == ("not_found", str(NotFound("gift card")))
    assert len(done) == 5


def test_what_is_no_code_at_all_counts_as_well() -> None:
    shop = a_shop()

    for _ in range(SITE_CODES_OF_ADDRESS.most):
        assert isinstance(guess(shop, "hello"), NotFound)

    assert isinstance(guess(shop, "hello"), TooManyGuesses)


def test_after_twenty_wrong_codes_an_address_waits_even_with_a_right_one() -> None:
    shop = a_shop()
    code = code_of(shop, shop.a_gift_card(20_00))
    guess_often(shop, 20)

    refusal = guess(shop, code, at=timedelta(minutes=4))

    assert isinstance(refusal, TooManyGuesses)
    assert (refusal.retry_after_seconds, refusal.minutes) == (360, 6)
    assert refusing.say(refusal, formats_in("en-GB", "GBP")) == (
        "Too many codes were tried that are none. Wait 6 min, then try again."
    )


def test_ten_minutes_later_they_may_try_again() -> None:
    shop = a_shop()
    code = code_of(shop, shop.a_gift_card(20_00))
    guess_often(shop, 20)

    assert look_up_by_stranger(shop.id, code, HERE, NOON + TEN_MINUTES).left_minor == 20_00


def test_another_address_and_the_shop_next_door_are_not_affected() -> None:
    shop, next_door = a_shop(), a_shop()
    code, other = (code_of(each, each.a_gift_card(20_00)) for each in (shop, next_door))
    guess_often(shop, 20)

    assert look_up_by_stranger(shop.id, code, ELSEWHERE, NOON).left_minor == 20_00
    assert look_up_by_stranger(next_door.id, other, HERE, NOON).left_minor == 20_00


def test_after_two_hundred_from_anywhere_the_whole_site_waits_and_the_till_does_not() -> None:
    shop, next_door = a_shop(), a_shop()
    code, other = (code_of(each, each.a_gift_card(20_00)) for each in (shop, next_door))
    for number in range(SITE_CODES_OF_BUSINESS.most // 20):
        guess_often(shop, 20, address=f"203.0.113.{number}")

    refusal = guess(shop, code, address=ELSEWHERE)

    assert isinstance(refusal, TooManyGuesses)
    assert find_gift_card(shop.id, code).issued_minor == 20_00
    assert look_up_by_stranger(next_door.id, other, ELSEWHERE, NOON).left_minor == 20_00


def test_whoever_knows_what_they_ask_for_is_never_counted() -> None:
    shop = a_shop()
    code = code_of(shop, shop.a_gift_card(20_00))

    for _ in range(30):
        look_up_by_stranger(shop.id, code, HERE, NOON)

    assert isinstance(guess(shop), NotFound)
