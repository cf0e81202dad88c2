from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "regulars.notices"
    label = "notices"
