"""What is said where a time or a seat cannot be booked, or a calendar cannot be set up so."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BOOKING: Mapping[str, Promise] = {
    "not_bookable": _("This cannot be booked. Choose a service or a class."),
    "archived": _("This is not offered any more. Choose something else."),
    "seats": _("So many seats cannot be booked. Enter another number."),
    "one_seat_for_a_reward": _("A reward is for one seat. Book the others separately."),
    "sign_in_for_a_reward": _("Rewards are for who has signed in. Sign in and choose it again."),
    "no_start": _("It is not known when this begins. Choose a time."),
    "no_end": _("It is not known how long this takes. Say how long, or when it ends."),
    "ends_before_it_starts": _("This ends before it starts. Correct the times."),
    "cancelled": _("This booking was cancelled. Make a new one."),
    "reward_is_back": _("The points of its reward are back with the customer. Make a new booking."),
    "money_is_back": _("What was paid for it has been given back. Make a new booking."),
    "not_due": _("This visit is not over yet. Come back when it is."),
    "taken": _("Somebody has just taken this time. Choose another one."),
    "full": _("There are not so many seats left. Choose another time, or fewer seats."),
    "too_late": _("This begins too soon to book it. Choose a later time."),
    "too_early": _("This is too far ahead to book it now. Choose an earlier day."),
    "outside_hours": _("This time is not offered. Choose one of the free times."),
    "not_online": _("This cannot be booked online. Ask at the place."),
    "too_late_to_change": _("It is too late to change this booking here. Ask at the place."),
    "session_cancelled": _("This class was cancelled. Choose another time."),
    "not_their_service": _("This person does not do that. Choose somebody else."),
    "not_a_class": _("Only classes are held at set times. Choose a class."),
    "not_a_service": _("Only services are done by somebody. Choose services."),
    "too_long": _("A class lasts seven days at most. Correct the times."),
    "seats_are_booked": _("More seats are booked than that. Enter a higher number."),
    "hours_overlap": _("Some of these hours overlap. Correct them."),
    "hours_end_before_they_begin": _("Some of these hours end before they begin. Correct them."),
    "no_name": _("A name is missing. Enter one."),
}
