import django.contrib.postgres.fields
import django.db.models.deletion
import regulars.business.models
import regulars.rows
from django.conf import settings
from django.db import migrations, models
from regulars.business.keys import business_key, composite_keys


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=regulars.rows.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("is_active", models.BooleanField(default=True)),
                (
                    "is_staff",
                    models.BooleanField(default=False, help_text="May open the operator's admin."),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Business",
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
                ("slug", models.SlugField(unique=True)),
                ("city", models.CharField(blank=True, max_length=200, verbose_name="city")),
                (
                    "currency",
                    models.CharField(
                        max_length=3,
                        validators=[regulars.business.models.check_currency],
                        verbose_name="currency",
                    ),
                ),
                (
                    "timezone",
                    models.CharField(
                        max_length=64,
                        validators=[regulars.business.models.check_timezone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "locale",
                    models.CharField(
                        default="en",
                        max_length=35,
                        validators=[regulars.business.models.check_locale],
                        verbose_name="language and region",
                    ),
                ),
                ("accent_hue", models.PositiveSmallIntegerField(default=250)),
                ("accent_chroma_milli", models.PositiveSmallIntegerField(default=100)),
                (
                    "kind",
                    models.CharField(
                        choices=[("studio", "Studio"), ("salon", "Salon"), ("cinema", "Cinema")],
                        help_text="The template it was made from.",
                        max_length=16,
                    ),
                ),
                (
                    "closed_until",
                    models.DateField(
                        blank=True,
                        help_text="The books are closed up to and including this day.",
                        null=True,
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accent_chroma_milli__lte", 120), ("accent_hue__lt", 360)
                        ),
                        name="business_accent_is_a_colour",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Place",
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
                ("address", models.TextField(blank=True, verbose_name="address")),
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
            name="Staff",
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
                    "role",
                    models.CharField(
                        choices=[
                            ("owner", "Owner"),
                            ("manager", "Manager"),
                            ("cashier", "Cashier"),
                        ],
                        max_length=16,
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "adjust_limit_points",
                    models.BigIntegerField(
                        blank=True,
                        help_text="The most points in one change by hand; empty = no limit.",
                        null=True,
                    ),
                ),
                (
                    "refund_limit_minor",
                    models.BigIntegerField(
                        blank=True,
                        help_text="The most money in one refund; empty = no limit.",
                        null=True,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Till",
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
                    "takes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("cash", "Cash"),
                                ("card", "Card"),
                                ("gift_card", "Gift card"),
                                ("points", "Points"),
                                ("deposit", "Deposit"),
                                ("online", "Online"),
                                ("transfer", "Bank transfer"),
                            ],
                            max_length=16,
                        ),
                        default=list,
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
                (
                    "place",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="business.place",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Feature",
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
                    models.CharField(
                        choices=[
                            ("loyalty", "Loyalty"),
                            ("payments", "Accepting payments"),
                            ("customer_login", "Customer login"),
                            ("coupons", "Coupons"),
                            ("gift_cards", "Gift cards"),
                            ("clear_history", "Clear history"),
                            ("marketing", "Marketing messages"),
                        ],
                        max_length=24,
                    ),
                ),
                ("on", models.BooleanField(default=False)),
                ("since", models.DateTimeField(help_text="When it was last switched.")),
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
                    models.UniqueConstraint(fields=("business", "code"), name="feature_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="FeatureChange",
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
                    models.CharField(
                        choices=[
                            ("loyalty", "Loyalty"),
                            ("payments", "Accepting payments"),
                            ("customer_login", "Customer login"),
                            ("coupons", "Coupons"),
                            ("gift_cards", "Gift cards"),
                            ("clear_history", "Clear history"),
                            ("marketing", "Marketing messages"),
                        ],
                        max_length=24,
                    ),
                ),
                ("on", models.BooleanField()),
                ("at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
            options={
                "indexes": [
                    models.Index(fields=["business", "code", "at"], name="feature_change_history")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.UniqueConstraint(fields=("business", "id"), name="place_of_business"),
        ),
        migrations.AddConstraint(
            model_name="staff",
            constraint=models.UniqueConstraint(fields=("business", "id"), name="staff_of_business"),
        ),
        migrations.AddConstraint(
            model_name="staff",
            constraint=models.UniqueConstraint(fields=("business", "user"), name="staff_once"),
        ),
        migrations.AddConstraint(
            model_name="till",
            constraint=models.UniqueConstraint(fields=("business", "id"), name="till_of_business"),
        ),
        business_key("business_feature"),
        business_key("business_featurechange"),
        business_key("business_place"),
        *composite_keys(
            "business_till",
            place="business_place",
        ),
        business_key("business_staff"),
    ]
