import django.db.models.deletion
import regulars.rows
from django.db import migrations, models

from regulars.business.keys import business_key, composite_keys


class Migration(migrations.Migration):
    dependencies = [
        ("business", "0005_pins"),
        ("members", "0005_customer_by_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomerSession",
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
                ("token_hash", models.BinaryField(max_length=32)),
                (
                    "device",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="In words: Firefox on Android.",
                        max_length=100,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(help_text="To the hour.")),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
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
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="members.customer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["business", "customer"], name="customer_session_by_customer"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("business", "id"), name="customer_session_of_business"
                    ),
                    models.UniqueConstraint(
                        fields=("business", "token_hash"), name="customer_session_token_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LoginCode",
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
                    "kind",
                    models.CharField(
                        choices=[("phone", "Phone"), ("email", "E-mail")], max_length=8
                    ),
                ),
                (
                    "to_hash",
                    models.BinaryField(help_text="Keyed HMAC of the contact.", max_length=32),
                ),
                (
                    "to_encrypted",
                    models.BinaryField(help_text="The contact; emptied when the code has ended."),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "tries",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="How often it was told wrong."
                    ),
                ),
                ("used_at", models.DateTimeField(null=True)),
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
                "indexes": [
                    models.Index(fields=["business", "created_at"], name="login_code_by_time"),
                    models.Index(
                        fields=["business", "to_hash", "created_at"], name="login_code_by_contact"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("business", "id"), name="login_code_of_business"
                    )
                ],
            },
        ),
        business_key("members_logincode"),
        *composite_keys("members_customersession", customer="members_customer"),
    ]
