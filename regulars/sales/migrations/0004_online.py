import django.db.models.deletion
import regulars.rows
from django.db import migrations, models

from regulars.business.keys import composite_keys


class Migration(migrations.Migration):
    dependencies = [
        ("business", "0005_pins"),
        ("giftcards", "0002_online"),
        ("sales", "0003_card_presented"),
    ]

    operations = [
        migrations.CreateModel(
            name="OnlinePayment",
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
                ("provider", models.CharField(max_length=24)),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="The provider's own id of it.",
                        max_length=200,
                    ),
                ),
                ("amount_minor", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("started", "Started"),
                            ("paid", "Paid"),
                            ("failed", "Failed"),
                            ("expired", "Expired"),
                            ("returned", "Given back"),
                        ],
                        default="started",
                        max_length=16,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "expires_at",
                    models.DateTimeField(help_text="Then it is given up, and the sale voided."),
                ),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="OnlineRefund",
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
                ("amount_minor", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("done", "Done"), ("failed", "Failed")],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(help_text="While it is waiting.", null=True)),
                ("last_error", models.CharField(blank=True, default="", max_length=200)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ProviderEvent",
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
                ("provider", models.CharField(max_length=24)),
                (
                    "event",
                    models.CharField(help_text="The provider's own id of it.", max_length=200),
                ),
                ("kind", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="saleline",
            name="gift_card",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                help_text="The card that is sold; it is active when the sale is paid.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sold_by",
                to="giftcards.giftcard",
            ),
        ),
        migrations.AddConstraint(
            model_name="refundpayment",
            constraint=models.UniqueConstraint(
                fields=("business", "id"), name="refund_payment_of_business"
            ),
        ),
        migrations.AddField(
            model_name="onlinepayment",
            name="business",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="business.business",
            ),
        ),
        migrations.AddField(
            model_name="onlinepayment",
            name="payment",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sales.payment",
            ),
        ),
        migrations.AddField(
            model_name="onlinepayment",
            name="sale",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="online_payments",
                to="sales.sale",
            ),
        ),
        migrations.AddField(
            model_name="onlinerefund",
            name="business",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="business.business",
            ),
        ),
        migrations.AddField(
            model_name="onlinerefund",
            name="online_payment",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="refunds",
                to="sales.onlinepayment",
            ),
        ),
        migrations.AddField(
            model_name="onlinerefund",
            name="refund_payment",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                help_text="Empty where what was paid came too late for its sale.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sales.refundpayment",
            ),
        ),
        migrations.AddField(
            model_name="providerevent",
            name="business",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="business.business",
            ),
        ),
        migrations.AddField(
            model_name="providerevent",
            name="online_payment",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="sales.onlinepayment",
            ),
        ),
        migrations.AddIndex(
            model_name="onlinepayment",
            index=models.Index(fields=["business", "sale"], name="online_payment_by_sale"),
        ),
        migrations.AddIndex(
            model_name="onlinepayment",
            index=models.Index(
                condition=models.Q(("state", "started")),
                fields=["business", "expires_at"],
                name="online_payment_to_expire",
            ),
        ),
        migrations.AddConstraint(
            model_name="onlinepayment",
            constraint=models.UniqueConstraint(
                fields=("business", "id"), name="online_payment_of_business"
            ),
        ),
        migrations.AddConstraint(
            model_name="onlinepayment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True),
                fields=("business", "provider", "reference"),
                name="online_payment_reference_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="onlinepayment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="online_payment_of_something"
            ),
        ),
        migrations.AddIndex(
            model_name="onlinerefund",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["business", "next_try_at"],
                name="online_refund_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="onlinerefund",
            constraint=models.UniqueConstraint(
                fields=("business", "id"), name="online_refund_of_business"
            ),
        ),
        migrations.AddConstraint(
            model_name="onlinerefund",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="online_refund_of_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="providerevent",
            constraint=models.UniqueConstraint(
                fields=("business", "provider", "event"), name="provider_event_once"
            ),
        ),
        *composite_keys("sales_saleline", gift_card="giftcards_giftcard"),
        *composite_keys("sales_onlinepayment", sale="sales_sale", payment="sales_payment"),
        *composite_keys("sales_providerevent", online_payment="sales_onlinepayment"),
        *composite_keys(
            "sales_onlinerefund",
            online_payment="sales_onlinepayment",
            refund_payment="sales_refundpayment",
        ),
    ]
