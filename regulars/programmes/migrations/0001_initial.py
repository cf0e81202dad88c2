import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import regulars.rows
from django.db import migrations, models
from regulars.business.keys import business_key, composite_keys


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("business", "0001_initial"),
        ("catalogue", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Group",
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
            name="Level",
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
            ],
        ),
        migrations.CreateModel(
            name="LevelTerms",
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
                    "priority",
                    models.PositiveSmallIntegerField(default=1, help_text="1 is the lowest."),
                ),
                ("spend_days", models.PositiveIntegerField(default=0)),
                ("spend_minor", models.BigIntegerField(default=0)),
                ("spend_products_minor", models.BigIntegerField(default=0)),
                ("spend_tickets_minor", models.BigIntegerField(default=0)),
                ("visits", models.PositiveIntegerField(default=0)),
                ("visit_days", models.PositiveIntegerField(default=0)),
                ("asks_for_both", models.BooleanField(default=False)),
                ("cashback", models.BooleanField(default=True)),
                ("burn_days", models.PositiveIntegerField(default=0)),
                ("delay_days", models.PositiveIntegerField(default=0)),
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
                    "group",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="programmes.group",
                    ),
                ),
                (
                    "level",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="programmes.level",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="KindTerms",
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
                ("earns_on", models.CharField(max_length=16)),
                ("rate_ppm", models.BigIntegerField(default=0)),
                ("rate_basis", models.CharField(max_length=16)),
                ("payable_ppm", models.PositiveIntegerField(default=0)),
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
                    "level_terms",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kinds",
                        to="programmes.levelterms",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Programme",
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
                    "unit_one",
                    models.CharField(
                        default="point", help_text="Its unit: 1 “point”.", max_length=40
                    ),
                ),
                (
                    "unit_many",
                    models.CharField(default="points", help_text="2 “points”.", max_length=40),
                ),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
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
        migrations.AddField(
            model_name="level",
            name="programme",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="levels",
                to="programmes.programme",
            ),
        ),
        migrations.CreateModel(
            name="Reward",
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
                ("points", models.BigIntegerField()),
                ("first_time_only", models.BooleanField(default=True)),
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
                    "item",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rewards",
                        to="catalogue.item",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rewards",
                        to="programmes.programme",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Version",
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
                    "number",
                    models.PositiveIntegerField(help_text="1 for a programme's first version."),
                ),
                ("holds_from", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("author", models.UUIDField(help_text="Who of the staff saved it.", null=True)),
                ("enabled", models.BooleanField(default=True)),
                ("runs_from", models.DateTimeField(blank=True, null=True)),
                ("runs_until", models.DateTimeField(blank=True, help_text="Exclusive.", null=True)),
                ("point_value_minor", models.BigIntegerField(blank=True, null=True)),
                ("earns_on_discounted", models.BooleanField(default=True)),
                ("earns_on_memorandum", models.BooleanField(default=True)),
                ("earns_beside_points", models.BooleanField(default=True)),
                ("refund_returns_points", models.BooleanField(default=True)),
                ("needs_card", models.BooleanField(default=False)),
                ("needs_confirmation", models.BooleanField(default=False)),
                ("welcome_points", models.BigIntegerField(default=0)),
                ("welcome_days", models.PositiveIntegerField(default=0)),
                ("returned_days", models.PositiveIntegerField(default=30)),
                ("reward_factor", models.BigIntegerField(default=14)),
                ("referral_points", models.BigIntegerField(default=100)),
                ("terms_url", models.URLField(blank=True, max_length=500)),
                (
                    "joins_by",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("booking", "Booking online"),
                                ("online", "Buying online"),
                                ("till", "At the till"),
                                ("staff", "By staff"),
                            ],
                            max_length=16,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "confirm_by",
                    models.CharField(
                        choices=[
                            ("code", "A code sent to the customer"),
                            ("cashier", "The cashier, on the spot"),
                        ],
                        default="cashier",
                        max_length=16,
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
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="programmes.programme",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="levelterms",
            name="version",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="levels",
                to="programmes.version",
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.UniqueConstraint(fields=("business", "id"), name="group_of_business"),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.UniqueConstraint(fields=("business", "name"), name="group_name_once"),
        ),
        migrations.AddConstraint(
            model_name="kindterms",
            constraint=models.UniqueConstraint(
                fields=("business", "level_terms", "kind"), name="kind_terms_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="kindterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("rate_ppm__gte", 0)), name="kind_rate_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="kindterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("payable_ppm__lte", 1000000)), name="kind_share_of_a_whole"
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.UniqueConstraint(
                fields=("business", "id"), name="programme_of_business"
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.UniqueConstraint(
                fields=("business", "name"), name="programme_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="level",
            constraint=models.UniqueConstraint(fields=("business", "id"), name="level_of_business"),
        ),
        migrations.AddIndex(
            model_name="reward",
            index=models.Index(fields=["business", "programme"], name="reward_by_programme"),
        ),
        migrations.AddConstraint(
            model_name="reward",
            constraint=models.UniqueConstraint(
                fields=("business", "id"), name="reward_of_business"
            ),
        ),
        migrations.AddConstraint(
            model_name="reward",
            constraint=models.CheckConstraint(
                condition=models.Q(("points__gt", 0)), name="reward_costs_points"
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                fields=("business", "id"), name="version_of_business"
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                fields=("business", "programme", "number"), name="version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("point_value_minor__isnull", True),
                    ("point_value_minor__gt", 0),
                    _connector="OR",
                ),
                name="version_point_worth_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(("referral_points__gte", 0), ("welcome_points__gte", 0)),
                name="version_points_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="levelterms",
            constraint=models.UniqueConstraint(
                fields=("business", "id"), name="level_terms_of_business"
            ),
        ),
        migrations.AddConstraint(
            model_name="levelterms",
            constraint=models.UniqueConstraint(
                fields=("business", "version", "level"), name="level_terms_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="levelterms",
            constraint=models.UniqueConstraint(
                fields=("business", "version", "priority"), name="priority_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="levelterms",
            constraint=models.CheckConstraint(
                condition=models.Q(("priority__gte", 1)), name="priority_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="levelterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("spend_products_minor__gte", 0),
                    ("spend_tickets_minor__gte", 0),
                    (
                        "spend_minor__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("spend_products_minor"), "+", models.F("spend_tickets_minor")
                        ),
                    ),
                ),
                name="level_parts_within_total",
            ),
        ),
        business_key("programmes_group"),
        business_key("programmes_programme"),
        *composite_keys(
            "programmes_version",
            programme="programmes_programme",
        ),
        *composite_keys(
            "programmes_level",
            programme="programmes_programme",
        ),
        *composite_keys(
            "programmes_levelterms",
            version="programmes_version",
            level="programmes_level",
            group="programmes_group",
        ),
        *composite_keys(
            "programmes_kindterms",
            level_terms="programmes_levelterms",
        ),
        *composite_keys(
            "programmes_reward",
            programme="programmes_programme",
            item="catalogue_item",
        ),
    ]
