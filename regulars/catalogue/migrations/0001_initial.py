import django.db.models.deletion
import regulars.rows
from django.db import migrations, models
from regulars.business.keys import business_key


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("business", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Item",
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
                        choices=[
                            ("service", "Service"),
                            ("class", "Class"),
                            ("product", "Product"),
                            ("ticket", "Ticket"),
                        ],
                        max_length=16,
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("sku", models.CharField(blank=True, max_length=64, verbose_name="item number")),
                ("category", models.CharField(blank=True, max_length=200, verbose_name="category")),
                ("price_minor", models.BigIntegerField()),
                (
                    "own_points",
                    models.BigIntegerField(
                        blank=True,
                        help_text="Replaces the rate; empty = the rate, 0 = none.",
                        null=True,
                    ),
                ),
                (
                    "earns",
                    models.BooleanField(default=True, help_text="Connected to the programme."),
                ),
                (
                    "memorandum",
                    models.BooleanField(
                        default=False,
                        help_text="A distributor's ban on special prices holds for this film.",
                    ),
                ),
                (
                    "memorandum_until",
                    models.DateField(
                        blank=True,
                        help_text="The last day of the ban; empty = the whole run.",
                        null=True,
                    ),
                ),
                ("duration_minutes", models.PositiveIntegerField(blank=True, null=True)),
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
                    models.UniqueConstraint(fields=("business", "id"), name="item_of_business"),
                    models.UniqueConstraint(
                        condition=models.Q(("sku", ""), _negated=True),
                        fields=("business", "sku"),
                        name="item_number_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("price_minor__gte", 0),
                            models.Q(
                                ("own_points__isnull", True),
                                ("own_points__gte", 0),
                                _connector="OR",
                            ),
                        ),
                        name="item_not_negative",
                    ),
                ],
            },
        ),
        business_key("catalogue_item"),
    ]
