from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "regulars.catalogue"
    label = "catalogue"
