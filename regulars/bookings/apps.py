from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "regulars.bookings"
    label = "bookings"
