import django.db.models.deletion
import regulars.rows
from django.db import migrations, models
from regulars.business.keys import composite_keys


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("business", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("members", "0001_initial"),
        ("programmes", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Booking",
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
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("seats", models.PositiveSmallIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("booked", "Booked"),
                            ("done", "Done"),
                            ("missed", "Missed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="booked",
                        max_length=16,
                    ),
                ),
                ("credited_operation", models.UUIDField(null=True)),
                (
                    "credit_checked_at",
                    models.DateTimeField(
                        blank=True, help_text="Looked at and earned nothing.", null=True
                    ),
                ),
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
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="members.customer",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="catalogue.item",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="business.place",
                    ),
                ),
                (
                    "reward",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="programmes.reward",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["business", "ends_at"], name="booking_by_end"),
                    models.Index(fields=["business", "customer"], name="booking_by_customer"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("business", "id"), name="booking_of_business"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="booking_takes_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seats__gte", 1)), name="booking_for_somebody"
                    ),
                ],
            },
        ),
        *composite_keys(
            "bookings_booking",
            customer="members_customer",
            item="catalogue_item",
            place="business_place",
            reward="programmes_reward",
        ),
    ]
