"""Earning, limits and refunds against a second reckoning, written from the requirements alone."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from regulars.domain.lots import available
from regulars.domain.purchase import Line, Purchase
from regulars.domain.quote import quote
from regulars.domain.refunds import Part, Sold, SoldLine, amounts_of_refund
from regulars.domain.terms import GOODS, Basis, EarnsOn, Kind, Terms
from tests.domain import strategies
from tests.domain.builders import MARCH

NOTHING = Fraction(0)


def shared(total: int, weights: Sequence[Fraction]) -> list[int]:
    """By largest remainder, ties in order (C13)."""
    whole = sum(weights, NOTHING) or Fraction(1)
    exact = [total * weight / whole for weight in weights]
    shares = [int(each) for each in exact]
    rest = sorted(range(len(exact)), key=lambda i: (shares[i] - exact[i], i))
    for i in rest[: total - sum(shares)] if any(weights) else ():
        shares[i] += 1
    return shares


def earns(line: Line, part: int, terms: Terms, *, beside_points: bool) -> Fraction:
    """What a line earns, exactly (C2, C12, S1, S3, S5, B5)."""
    level = terms.lowest
    kind = level.of(line.kind)
    lowered = line.charged_minor < line.list_minor
    if (
        line.kind not in GOODS
        or line.reward_points is not None
        or not line.charged_minor
        or not (line.connected and level.cashback and kind.earns_on is EarnsOn.PAYMENT)
        or (beside_points and not terms.earns_beside_points)
        or (lowered and not terms.earns_on_discounted)
        or (line.memorandum and not terms.earns_on_memorandum)
    ):
        return NOTHING
    money = Fraction(line.charged_minor - part)
    if line.own_points is not None:
        return line.own_points * line.quantity * money / line.charged_minor
    worth = terms.point_value_minor if kind.rate.basis is Basis.CASHBACK else terms.minor_per_major
    assert worth, "cashback needs a point's value"
    return kind.rate.ppm * money / worth / 1_000_000


def refunds_come_to_what_the_words_say(
    sold: Sold, exact: Sequence[Fraction], terms: Terms, refunded: Sequence[Sequence[int]]
) -> None:
    """Refund a sale, in steps, up to what ``refunded`` says of each of its lines (a, b)."""
    value = terms.point_value_minor or 0
    paid_in_money = sold.charged_minor - sold.points_paid * value
    for so_far in refunded:
        more = [n - line.refunded_minor for n, line in zip(so_far, sold.lines, strict=True)]
        asked = [Part(i, minor) for i, minor in enumerate(more) if minor]
        if not asked:
            continue
        gone = [
            Fraction(n, line.line.charged_minor or 1)
            for n, line in zip(so_far, sold.lines, strict=True)
        ]
        parts = [
            share * line.points_part_minor for share, line in zip(gone, sold.lines, strict=True)
        ]
        due = int(sum(parts, NOTHING) / value)
        kept = sum((each * (1 - share) for each, share in zip(exact, gone, strict=True)), NOTHING)

        done = amounts_of_refund(sold, asked, terms, terms.lowest)

        money = min(sum(so_far) - due * value, paid_in_money)
        assert done.money_minor == max(money - sold.money_returned_minor, 0)
        assert done.to_take_back == sold.points_earned - int(kept) - sold.taken_back
        sold = done.sold


@pytest.mark.row("C13")
@pytest.mark.row("a")
@pytest.mark.row("b")
@given(st.data())
def test_a_purchase_and_its_refunds_come_to_what_the_words_say(data: st.DataObject) -> None:
    terms = replace(
        data.draw(strategies.terms()), minor_per_major=data.draw(st.sampled_from([1, 100, 1000]))
    )
    member = data.draw(strategies.members(terms, may_be_barred=False))
    lines = data.draw(st.lists(strategies.lines(), min_size=1, max_size=5))
    purchase, value = Purchase(tuple(lines)), terms.point_value_minor or 0
    held = available(member.lots, MARCH) - purchase.reward_points
    assume(held >= 0)
    shares = [Fraction(terms.lowest.of(line.kind).payable_ppm, 1_000_000) for line in lines]
    limits = [share * line.charged_minor for share, line in zip(shares, lines, strict=True)]
    payable = sum(line.charged_minor for line in lines if line.kind is not Kind.GIFT_CARD)
    most = min(int(sum(limits, NOTHING) / value), held, payable // value)
    points = data.draw(st.integers(0, most))
    parts = shared(points * value, limits)
    exact = [
        earns(line, part, terms, beside_points=points > 0)
        for line, part in zip(lines, parts, strict=True)
    ]
    earned = int(sum(exact, NOTHING))

    offered = quote(purchase, terms, member, MARCH)
    quoted = quote(replace(purchase, points=points), terms, member, MARCH)

    assert offered.most_points == most
    assert [line.points_part_minor for line in quoted.lines] == parts
    assert [line.exact for line in quoted.lines] == exact
    assert [line.earned for line in quoted.lines] == shared(earned, exact)

    sold = Sold(tuple(map(SoldLine, lines, parts)), points_paid=points, points_earned=earned)
    back = [data.draw(st.integers(0, line.charged_minor)) for line in lines]
    rest = [line.charged_minor for line in lines]
    refunds_come_to_what_the_words_say(sold, exact, terms, [back, rest])
