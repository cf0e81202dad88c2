from django.apps import AppConfig


class GiftcardsConfig(AppConfig):
    name = "regulars.giftcards"
    label = "giftcards"
