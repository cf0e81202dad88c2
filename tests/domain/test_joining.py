from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from regulars.domain.joining import How, is_confirmed_by, may_join, welcome_window
from regulars.domain.lots import Window

MOSCOW = ZoneInfo("Europe/Moscow")
STUDIO = [How.BOOKING, How.ONLINE, How.TILL]
SALON = [How.TILL, How.STAFF]
CINEMA = [How.ONLINE, How.TILL, How.STAFF]


@pytest.mark.parametrize("joins_by", [STUDIO, SALON, CINEMA])
@pytest.mark.parametrize("how", How)
def test_people_join_in_the_ways_the_programme_says(joins_by: list[How], how: How) -> None:
    assert may_join([str(way) for way in joins_by], how) == (how in joins_by)


@pytest.mark.parametrize("how", [How.BOOKING, How.ONLINE])
def test_a_booking_or_an_online_purchase_is_the_confirmation(how: How) -> None:
    assert is_confirmed_by(how, needs_confirmation=True)


@pytest.mark.parametrize("how", [How.TILL, How.STAFF])
def test_otherwise_the_account_waits_where_the_programme_asks_for_it(how: How) -> None:
    assert not is_confirmed_by(how, needs_confirmation=True)
    assert is_confirmed_by(how, needs_confirmation=False)


def test_the_welcome_bonus_is_usable_up_to_and_including_its_last_day() -> None:
    activated_at = datetime(2026, 3, 1, 21, 30, tzinfo=UTC)  # 2 March in Moscow.

    window = welcome_window(activated_at, 14, MOSCOW)

    assert window == Window(activated_at, datetime(2026, 3, 16, 21, tzinfo=UTC))


def test_a_welcome_bonus_without_days_never_burns() -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)

    assert welcome_window(at, 0, MOSCOW) == Window(at, None)
