import django.db.models.deletion
import regulars.rows
from django.db import migrations, models

from regulars.business.keys import business_key, composite_keys


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0002_credit_after"),
        ("business", "0005_pins"),
        ("catalogue", "0002_online"),
        ("members", "0005_customer_by_name"),
        ("programmes", "0002_card_presented"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProviderService",
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
            ],
        ),
        migrations.AddField(
            model_name="booking",
            name="by_customer",
            field=models.BooleanField(default=False, help_text="Made by the customer, online."),
        ),
        migrations.AddField(
            model_name="booking",
            name="changes",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="How often it was moved or cancelled, for calendars."
            ),
        ),
        migrations.CreateModel(
            name="BookingRules",
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
                    "step_minutes",
                    models.PositiveSmallIntegerField(
                        default=15, help_text="Times are offered in steps of so many minutes."
                    ),
                ),
                (
                    "notice_minutes",
                    models.PositiveIntegerField(
                        default=60,
                        help_text="How long before its start something can still be booked.",
                    ),
                ),
                (
                    "days_ahead",
                    models.PositiveSmallIntegerField(
                        default=60, help_text="How many days ahead something can be booked."
                    ),
                ),
                (
                    "change_until_minutes",
                    models.PositiveIntegerField(
                        default=1440,
                        help_text="How long before the start customers may move or cancel.",
                    ),
                ),
                (
                    "clear_after_days",
                    models.PositiveSmallIntegerField(
                        default=365,
                        help_text="Clear history erases bookings that ended so many days ago (B2).",
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
            ],
        ),
        migrations.CreateModel(
            name="ClassSession",
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
                ("seats", models.PositiveSmallIntegerField()),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
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
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
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
            ],
        ),
        migrations.AddField(
            model_name="booking",
            name="session",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="bookings.classsession",
            ),
        ),
        migrations.CreateModel(
            name="Provider",
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
            ],
        ),
        migrations.CreateModel(
            name="OpeningHours",
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
                ("weekday", models.PositiveSmallIntegerField(help_text="0 = Monday.")),
                ("opens_at", models.TimeField()),
                (
                    "closes_at",
                    models.TimeField(help_text="Exclusive; midnight = the end of the day."),
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
                    "provider",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hours",
                        to="bookings.provider",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Closure",
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
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                (
                    "why",
                    models.CharField(
                        blank=True, default="", help_text="Customers see it.", max_length=200
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
                    "provider",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closures",
                        to="bookings.provider",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="classsession",
            name="provider",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="bookings.provider",
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="provider",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="bookings.provider",
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["business", "starts_at"], name="booking_by_start"),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("provider__isnull", False)),
                fields=["business", "provider", "starts_at"],
                name="booking_with_provider",
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("session__isnull", False)),
                fields=["business", "session"],
                name="booking_in_session",
            ),
        ),
        migrations.AddField(
            model_name="providerservice",
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
            model_name="providerservice",
            name="item",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="providers",
                to="catalogue.item",
            ),
        ),
        migrations.AddField(
            model_name="providerservice",
            name="provider",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="services",
                to="bookings.provider",
            ),
        ),
        migrations.AddConstraint(
            model_name="bookingrules",
            constraint=models.UniqueConstraint(fields=("business",), name="booking_rules_once"),
        ),
        migrations.AddConstraint(
            model_name="bookingrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("clear_after_days__gte", 1), ("step_minutes__gte", 5)),
                name="booking_rules_make_sense",
            ),
        ),
        migrations.AddConstraint(
            model_name="provider",
            constraint=models.UniqueConstraint(
                fields=("business", "id"), name="provider_of_business"
            ),
        ),
        migrations.AddIndex(
            model_name="openinghours",
            index=models.Index(
                fields=["business", "provider", "weekday"], name="opening_hours_of_whom"
            ),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday__lte", 6)), name="opening_hours_of_a_weekday"
            ),
        ),
        migrations.AddConstraint(
            model_name="openinghours",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closes_at__gt", models.F("opens_at")), ("closes_at", "00:00"), _connector="OR"
                ),
                name="opening_hours_end_after_they_begin",
            ),
        ),
        migrations.AddIndex(
            model_name="closure",
            index=models.Index(fields=["business", "last_day"], name="closures_to_come"),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))),
                name="closure_ends_after_it_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="classsession",
            index=models.Index(fields=["business", "starts_at"], name="session_by_start"),
        ),
        migrations.AddIndex(
            model_name="classsession",
            index=models.Index(fields=["business", "item", "starts_at"], name="session_of_class"),
        ),
        migrations.AddConstraint(
            model_name="classsession",
            constraint=models.UniqueConstraint(
                fields=("business", "id"), name="class_session_of_business"
            ),
        ),
        migrations.AddConstraint(
            model_name="classsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="session_takes_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="classsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("seats__gte", 1)), name="session_for_somebody"
            ),
        ),
        migrations.AddIndex(
            model_name="providerservice",
            index=models.Index(fields=["business", "item"], name="providers_of_service"),
        ),
        migrations.AddConstraint(
            model_name="providerservice",
            constraint=models.UniqueConstraint(
                fields=("business", "provider", "item"), name="provider_does_service_once"
            ),
        ),
        business_key("bookings_bookingrules"),
        business_key("bookings_provider"),
        *composite_keys("bookings_provider", place="business_place"),
        *composite_keys(
            "bookings_providerservice", provider="bookings_provider", item="catalogue_item"
        ),
        business_key("bookings_openinghours"),
        *composite_keys("bookings_openinghours", provider="bookings_provider"),
        business_key("bookings_closure"),
        *composite_keys("bookings_closure", provider="bookings_provider"),
        *composite_keys(
            "bookings_classsession",
            item="catalogue_item",
            provider="bookings_provider",
            place="business_place",
        ),
        *composite_keys(
            "bookings_booking", provider="bookings_provider", session="bookings_classsession"
        ),
    ]
