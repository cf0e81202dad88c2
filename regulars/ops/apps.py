from django.apps import AppConfig


class OpsConfig(AppConfig):
    name = "regulars.ops"
    label = "ops"
