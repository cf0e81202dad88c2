import pytest

from regulars.ops.servers import unfit, why_unfit


@pytest.mark.parametrize(
    ("major", "encoding", "says"),
    [
        (14, "UTF8", "The server is PostgreSQL 14; Regulars needs 15 or newer."),
        (15, "SQL_ASCII", "The database “points” keeps text as SQL_ASCII; Regulars needs UTF8."),
        (15, "UTF8", ""),
        (18, "UTF8", ""),
    ],
)
def test_a_server_that_will_not_do_is_refused_in_a_sentence(
    major: int, encoding: str, says: str
) -> None:
    assert why_unfit(major, encoding, "points").startswith(says)
    assert bool(why_unfit(major, encoding, "points")) is bool(says)


@pytest.mark.django_db
def test_the_server_that_we_bring_will_do() -> None:
    assert not unfit()
