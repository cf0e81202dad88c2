import django.db.models.deletion
import regulars.rows
from django.db import migrations, models

from regulars.business.keys import composite_keys


class Migration(migrations.Migration):
    dependencies = [
        ("business", "0005_pins"),
        ("giftcards", "0001_initial"),
        ("members", "0005_customer_by_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="giftcardkind",
            name="description",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Customers see it.",
                max_length=200,
                verbose_name="description",
            ),
        ),
        migrations.AddField(
            model_name="giftcardkind",
            name="is_sold",
            field=models.BooleanField(
                default=True, help_text="Customers buy it on the booking site."
            ),
        ),
        migrations.AddField(
            model_name="giftcardkind",
            name="picture",
            field=models.CharField(
                blank=True,
                default="",
                help_text="One of those that come with Regulars.",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="giftcardkind",
            name="hue",
            field=models.PositiveSmallIntegerField(
                blank=True, help_text="In degrees; empty = the business's own.", null=True
            ),
        ),
        migrations.CreateModel(
            name="GiftCardSending",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=regulars.rows.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("to_name", models.CharField(blank=True, default="", max_length=200)),
                (
                    "to_email",
                    models.CharField(
                        help_text="Forgotten when its sender is erased.", max_length=254
                    ),
                ),
                ("from_name", models.CharField(blank=True, default="", max_length=200)),
                ("greeting", models.CharField(blank=True, default="", max_length=1000)),
                ("send_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("sent", "Sent"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="planned",
                        max_length=16,
                    ),
                ),
                ("message", models.UUIDField(help_text="The message by which it went.", null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "business",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="business.business",
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sendings",
                        to="giftcards.giftcard",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.customer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["business", "card"], name="gift_card_sending_by_card"),
                    models.Index(
                        condition=models.Q(("state", "planned")),
                        fields=["business", "send_at"],
                        name="gift_card_sending_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("business", "id"), name="gift_card_sending_of_business"
                    )
                ],
            },
        ),
        *composite_keys(
            "giftcards_giftcardsending", card="giftcards_giftcard", sender="members_customer"
        ),
    ]
