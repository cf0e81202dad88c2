"""What holds for every purchase, whatever the terms."""

from dataclasses import dataclass, replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from regulars.domain.earning import Why
from regulars.domain.errors import Refusal
from regulars.domain.lots import available
from regulars.domain.purchase import Purchase
from regulars.domain.quote import Quote, quote
from regulars.domain.standing import Standing
from regulars.domain.terms import GOODS, Kind, Terms
from tests.domain import strategies
from tests.domain.builders import MARCH

EARNING = (Why.RATE, Why.OWN_POINTS)


@dataclass(frozen=True)
class Case:
    """A purchase that takes no points yet, by somebody."""

    purchase: Purchase
    terms: Terms
    member: Standing

    def quote(self, points: int = 0) -> Quote:
        return quote(replace(self.purchase, points=points), self.terms, self.member, MARCH)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    terms = draw(strategies.terms())
    member = draw(strategies.members(terms))
    lines = tuple(draw(st.lists(strategies.lines(), min_size=1, max_size=5)))
    charged = sum(line.charged_minor for line in lines)
    paid = draw(st.just(0) | st.integers(0, charged))
    others = sum(line.charged_minor for line in lines if line.kind is not Kind.GIFT_CARD)
    by_card = draw(st.just(0) | st.integers(0, min(paid, others)))
    purchase = Purchase(
        lines, paid_minor=paid, gift_cards_minor=by_card, takes_points=draw(st.integers(0, 9)) > 0
    )
    case = Case(purchase, terms, member)
    asked = purchase.reward_points
    assume(not asked or asked <= available(member.lots, MARCH))
    assume(not asked or (member.is_activated and not member.is_blocked))
    return case


@given(cases())
def test_a_quote_offers_no_more_than_limits_balance_and_what_is_to_pay(case: Case) -> None:
    quoted = case.quote()

    worth = quoted.most_points * (case.terms.point_value_minor or 0)
    assert 0 <= quoted.most_points <= quoted.available
    assert quoted.available == available(case.member.lots, MARCH) - case.purchase.reward_points
    assert worth <= sum(line.limit for line in quoted.lines)
    assert worth <= quoted.to_pay_minor == case.purchase.charged_minor - case.purchase.paid_minor


@given(cases())
def test_exactly_the_most_can_be_taken_and_not_one_more(case: Case) -> None:
    most = case.quote().most_points

    assert case.quote(most).points == most
    with pytest.raises(Refusal):
        case.quote(most + 1)


@given(cases(), st.data())
def test_points_parts_sum_to_their_worth_and_none_is_above_its_charge(
    case: Case, data: st.DataObject
) -> None:
    points = data.draw(st.integers(0, case.quote().most_points))

    quoted = case.quote(points)

    parts = [line.points_part_minor for line in quoted.lines]
    assert sum(parts) == quoted.worth_minor == points * (case.terms.point_value_minor or 0)
    for line, q in zip(case.purchase.lines, quoted.lines, strict=True):
        assert 0 <= q.points_part_minor < q.limit + 1
        assert q.points_part_minor + q.money_part_minor == line.charged_minor
        assert q.money_part_minor >= 0
        assert line.kind in GOODS or q.points_part_minor == 0


@given(cases(), st.data())
def test_what_lines_earn_sums_to_the_whole_rounded_down_once(
    case: Case, data: st.DataObject
) -> None:
    quoted = case.quote(data.draw(st.integers(0, case.quote().most_points)))

    exact = sum((line.exact for line in quoted.lines), Fraction(0))
    assert quoted.earned == sum(line.earned for line in quoted.lines) == int(exact)
    assert all(0 <= line.earned < line.exact + 1 for line in quoted.lines)
    assert all((line.exact == 0) == (line.why not in EARNING) for line in quoted.lines)
    assert (quoted.window is None) == (quoted.earned == 0)


@given(cases(), st.data())
def test_nothing_is_earned_on_what_points_paid(case: Case, data: st.DataObject) -> None:
    without = case.quote()
    quoted = case.quote(data.draw(st.integers(0, without.most_points)))

    for line, whole, left in zip(case.purchase.lines, without.lines, quoted.lines, strict=True):
        if left.why in EARNING:
            assert left.exact * line.charged_minor == whole.exact * left.money_part_minor
        else:
            assert left.exact == left.earned == 0


@given(cases(), st.data())
def test_points_taken_in_two_steps_count_as_taken_at_once(case: Case, data: st.DataObject) -> None:
    most = case.quote().most_points
    first = data.draw(st.integers(0, most))
    then = data.draw(st.integers(0, most - first))

    later = replace(case, purchase=replace(case.purchase, points_before=first))

    assert later.quote(then).lines == case.quote(first + then).lines
    assert later.quote(then).to_pay_minor == case.quote(first + then).to_pay_minor


@given(cases(), st.data())
def test_gift_cards_and_points_leave_to_money_at_least_the_gift_cards_bought(
    case: Case, data: st.DataObject
) -> None:
    quoted = case.quote(data.draw(st.integers(0, case.quote().most_points)))

    by_money = quoted.to_pay_minor - quoted.gift_cards_can_pay_minor
    paid_in_money = case.purchase.paid_minor - case.purchase.gift_cards_minor
    assert 0 <= quoted.gift_cards_can_pay_minor <= quoted.to_pay_minor
    assert by_money + paid_in_money >= case.purchase.charged_for(Kind.GIFT_CARD)


@given(cases())
def test_who_is_unknown_pays_the_price_and_earns_nothing(case: Case) -> None:
    purchase = replace(case.purchase, rewards_taken=True)

    quoted = quote(purchase, case.terms, None, MARCH)

    assert (quoted.most_points, quoted.earned, quoted.available) == (0, 0, 0)
    assert all(line.why is Why.NO_MEMBER for line in quoted.lines)
