from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "regulars.programmes"
    label = "programmes"
