import django.contrib.postgres.fields
import django.db.models.deletion
import regulars.rows
from django.db import migrations, models
from regulars.business.keys import business_key, composite_keys


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("business", "0001_initial"),
        ("ledger", "0001_initial"),
        ("members", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="GiftCardKind",
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
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "value_minor",
                    models.BigIntegerField(
                        blank=True,
                        help_text="Empty = chosen between the least and the most.",
                        null=True,
                    ),
                ),
                ("least_minor", models.BigIntegerField(blank=True, null=True)),
                ("most_minor", models.BigIntegerField(blank=True, null=True)),
                (
                    "price_minor",
                    models.BigIntegerField(
                        blank=True,
                        help_text="What it costs in money; empty = its value.",
                        null=True,
                    ),
                ),
                ("points_price", models.BigIntegerField(blank=True, null=True)),
                (
                    "by_points",
                    models.BooleanField(
                        default=False, help_text="Customers get it for points (B7)."
                    ),
                ),
                (
                    "validity_days",
                    models.PositiveIntegerField(default=0, help_text="0 = without end."),
                ),
                ("hue", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
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
            ],
        ),
        migrations.CreateModel(
            name="GiftCard",
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
                (
                    "code_hash",
                    models.BinaryField(help_text="Keyed HMAC; finds the card.", max_length=32),
                ),
                (
                    "code_encrypted",
                    models.BinaryField(help_text="So that its owner may copy it again."),
                ),
                ("last_four", models.CharField(max_length=4)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("inactive", "Not active yet"),
                            ("active", "Active"),
                            ("blocked", "Blocked"),
                            ("closed", "Closed"),
                        ],
                        default="inactive",
                        max_length=16,
                    ),
                ),
                ("issued_minor", models.BigIntegerField()),
                (
                    "valid_until",
                    models.DateTimeField(blank=True, help_text="Exclusive.", null=True),
                ),
                ("bought_by_operation", models.UUIDField(null=True)),
                ("issued_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="ledger.account",
                    ),
                ),
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
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gift_cards",
                        to="members.customer",
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="giftcards.giftcardkind",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Coupon",
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
                (
                    "code",
                    models.CharField(help_text="Upper case.", max_length=64, verbose_name="code"),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("percent_ppm", models.PositiveIntegerField(blank=True, null=True)),
                ("amount_minor", models.BigIntegerField(blank=True, null=True)),
                ("valid_from", models.DateTimeField(blank=True, null=True)),
                (
                    "valid_until",
                    models.DateTimeField(blank=True, help_text="Exclusive.", null=True),
                ),
                ("least_purchase_minor", models.BigIntegerField(default=0)),
                ("most_uses", models.PositiveIntegerField(blank=True, null=True)),
                ("uses", models.PositiveIntegerField(default=0)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=16),
                        blank=True,
                        default=list,
                        help_text="Empty = all.",
                        size=None,
                    ),
                ),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("business", "id"), name="coupon_of_business"),
                    models.UniqueConstraint(fields=("business", "code"), name="coupon_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount_minor", None),
                                ("percent_ppm__gt", 0),
                                ("percent_ppm__lte", 1000000),
                            ),
                            models.Q(("amount_minor__gt", 0), ("percent_ppm", None)),
                            _connector="OR",
                        ),
                        name="coupon_share_or_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("most_uses__isnull", True),
                            ("uses__lte", models.F("most_uses")),
                            _connector="OR",
                        ),
                        name="coupon_not_overused",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="giftcardkind",
            constraint=models.UniqueConstraint(
                fields=("business", "id"), name="gift_card_kind_of_business"
            ),
        ),
        migrations.AddConstraint(
            model_name="giftcardkind",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("value_minor__isnull", True), ("value_minor__gt", 0), _connector="OR"
                ),
                name="gift_card_kind_worth_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="giftcardkind",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("by_points", False),
                    models.Q(("points_price__gt", 0), ("value_minor__isnull", False)),
                    _connector="OR",
                ),
                name="gift_card_kind_for_points_has_price",
            ),
        ),
        migrations.AddIndex(
            model_name="giftcard",
            index=models.Index(
                condition=models.Q(("owner__isnull", False)),
                fields=["business", "owner"],
                name="gift_card_by_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="giftcard",
            constraint=models.UniqueConstraint(
                fields=("business", "id"), name="gift_card_of_business"
            ),
        ),
        migrations.AddConstraint(
            model_name="giftcard",
            constraint=models.UniqueConstraint(
                fields=("business", "code_hash"), name="gift_card_code_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="giftcard",
            constraint=models.UniqueConstraint(
                fields=("business", "account"), name="gift_card_own_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="giftcard",
            constraint=models.CheckConstraint(
                condition=models.Q(("issued_minor__gt", 0)), name="gift_card_worth_something"
            ),
        ),
        business_key("giftcards_giftcardkind"),
        *composite_keys(
            "giftcards_giftcard",
            account="ledger_account",
            kind="giftcards_giftcardkind",
            owner="members_customer",
        ),
        business_key("giftcards_coupon"),
    ]
