"""Booking and buying at phone width, by keyboard: a studio, a salon, a cinema."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from regulars.catalogue.models import Item
from regulars.site.booking.choosing import Choice
from tests.browser.sites import OpenSite, look
from tests.doors.site.bookings import SOON, Booked, a_booked_house

pytestmark = pytest.mark.django_db(transaction=True)


def a_glazing(house: Booked) -> Item:
    item = house.offers("class", "Glazing", 32_00, duration_minutes=120, own_points=30)
    house.a_session(item, seats=3)
    house.a_session(item, seats=8, starts_in=SOON * 2)
    return item


@pytest.mark.row("B5", door="web")
@pytest.mark.row("B6", door="web")
def test_a_class_is_booked_by_keyboard_and_its_points_are_to_come(open_site: OpenSite) -> None:
    studio = a_booked_house("studio")
    a_glazing(studio)
    site = open_site(studio)
    look(site)

    site.go("Glazing")
    look(site)
    site.go("3 seats left")
    look(site)
    site.write("Name", "Nora Ashby")
    site.write("E-mail", "nora@example.org")
    site.enter()
    look(site)
    site.tick("Pay at the place")
    site.go("Go on")
    look(site)
    site.go("Book it")

    expect(site.page.get_by_role("heading", name="It is booked")).to_be_visible()
    expect(site.page.locator(".earned")).to_contain_text("The visit earns 30 points")
    look(site)
    assert len(studio.bookings()) == 1


def test_a_service_is_booked_with_somebody_on_a_day_at_a_time(open_site: OpenSite) -> None:
    studio = a_booked_house("studio")
    cut = studio.offers("service", "Cut", 46_00, duration_minutes=60)
    ann = studio.a_provider(cut, name="Ann")
    studio.a_provider(cut, name="Ben")
    site = open_site(studio)

    site.go("Cut")
    look(site)
    site.go("Ann")
    look(site)
    site.page.locator(".days td > a").nth(2).focus()
    site.enter()
    look(site)
    site.page.locator(".time").first.focus()
    site.enter()
    site.write("Name", "Nora Ashby")
    site.write("E-mail", "nora@example.org")
    site.enter()
    site.go("Go on")
    site.go("Book it")

    expect(site.page.get_by_role("heading", name="It is booked")).to_be_visible()
    assert studio.bookings()[0].provider_id == ann.pk


@pytest.mark.row("S9", door="web")
def test_a_service_is_taken_as_a_reward_and_given_back(open_site: OpenSite) -> None:
    salon = a_booked_house("salon")
    cut = salon.offers("service", "Cut", 46_00, duration_minutes=60)
    salon.a_provider(cut)
    salon.a_reward(cut, 140, first_time_only=False)
    member_id = salon.a_person(150)
    choice = Choice(cut.pk, None, salon.at_ten() + SOON + timedelta(hours=2))
    site = open_site(salon, salon.url("your_details", choice=choice), member_id=member_id)

    site.go("Go on")
    look(site)
    site.tick("Pay at the place")
    site.choose("Pay at the place", "Take as a reward: 140 points")
    site.go("Go on")
    expect(site.page.locator(".step-price")).to_contain_text("140 points leave your account")
    site.go("Book it")
    expect(site.page.locator(".earned")).to_contain_text("Taken as a reward for 140 points")
    assert salon.holding(member_id).available == 10
    site.go("All my visits")
    look(site)
    site.go("Cut")
    look(site)
    site.go("Cancel")
    look(site)
    expect(site.page.locator(".effects")).to_contain_text("140 points come back")
    site.go("Cancel this visit")

    expect(site.page.get_by_text("Your visit was cancelled")).to_be_visible()
    assert salon.holding(member_id).available == 150


def test_a_class_is_moved_to_another_session(open_site: OpenSite) -> None:
    studio = a_booked_house("studio")
    item = a_glazing(studio)
    member_id = studio.a_person()
    choice = Choice(item.pk, session_id=studio.a_session(item).pk)
    site = open_site(studio, studio.url("your_details", choice=choice), member_id=member_id)
    site.go("Go on")
    site.go("Go on")
    site.go("Book it")
    site.go("All my visits")
    site.go("Glazing")

    site.go("Move")
    look(site)
    site.go("8 seats left")
    look(site)
    expect(site.page.locator(".effects")).to_contain_text("30 points")
    site.go("Move it")

    expect(site.page.get_by_text("Your visit was moved")).to_be_visible()
    assert studio.bookings()[0].changes == 1


def test_a_day_without_times_is_no_link(open_site: OpenSite) -> None:
    studio = a_booked_house("studio")
    cut = studio.offers("service", "Cut", 46_00, duration_minutes=60)
    site = open_site(studio, studio.url("days", cut.pk))

    expect(site.page.locator(".days td > a")).to_have_count(0)
    expect(site.page.get_by_text("Nothing is free in these weeks")).to_be_visible()


@pytest.mark.row("C5", door="web")
def test_a_ticket_bought_on_the_phone_makes_a_member_with_bonuses(
    open_site: OpenSite, settings: Settings
) -> None:
    settings.PAYMENTS = "test"
    cinema = a_booked_house("cinema")
    cinema.offers("ticket", "Winter Garden", 290_00)
    site = open_site(cinema)

    site.go("Add Winter Garden")
    look(site)
    site.go("in your basket")
    look(site)
    site.go("Buy this")
    look(site)
    site.write("Name", "Nora Ashby")
    site.write("E-mail", "nora@example.org")
    site.enter()
    look(site)
    site.go("Go on")
    look(site)
    site.go("Pay")
    site.page.get_by_role("button", name="Pay", exact=False).first.click()
    site.rest()

    expect(site.page.get_by_text("You are a member of")).to_be_visible()
    look(site)
    assert [member.pk for member in cinema.members()] == [cinema.sales_of_site()[0].member_id]
