import django.db.models.deletion
import regulars.rows
from django.db import migrations, models
from regulars.business.keys import business_key, composite_keys, room_for_updates


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("business", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("giftcards", "0001_initial"),
        ("ledger", "0001_initial"),
        ("members", "0001_initial"),
        ("programmes", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Sale",
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
                    models.BigIntegerField(
                        help_text="Of the receipt; empty for imports.", null=True
                    ),
                ),
                (
                    "receipt",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="The receipt's id where imported from.",
                        max_length=200,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("paid", "Paid"),
                            ("void", "Voided"),
                            ("forfeited", "Deposit forfeited"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("till", "Till"),
                            ("online", "Online"),
                            ("import", "Import"),
                            ("booking", "Booking"),
                        ],
                        max_length=16,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("paid_at", models.DateTimeField(null=True)),
                ("paid_day", models.DateField(help_text="By the business's calendar.", null=True)),
                ("charged_minor", models.BigIntegerField()),
                (
                    "goods_minor",
                    models.BigIntegerField(
                        help_text="Goods only, less refunds: what counts for levels; as the two after it."
                    ),
                ),
                ("products_minor", models.BigIntegerField()),
                ("tickets_minor", models.BigIntegerField()),
                ("refunded_minor", models.BigIntegerField(default=0)),
                (
                    "version",
                    models.UUIDField(
                        help_text="The programme's version it was settled by.", null=True
                    ),
                ),
                ("level", models.UUIDField(help_text="The level it earned by.", null=True)),
                (
                    "rules",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="The rule set it was settled by."
                    ),
                ),
                ("points_paid", models.BigIntegerField(default=0)),
                ("points_returned", models.BigIntegerField(default=0)),
                ("points_earned", models.BigIntegerField(default=0)),
                ("points_taken_back", models.BigIntegerField(default=0)),
                (
                    "burned_counted",
                    models.BigIntegerField(
                        default=0,
                        help_text="Earned points that burned unspent, counted as taken back so far.",
                    ),
                ),
                ("lot", models.UUIDField(help_text="The lot it earned.", null=True)),
                ("coupon", models.UUIDField(null=True)),
                ("operation", models.UUIDField(help_text="The checkout's.")),
                ("source", models.CharField(blank=True, default="", max_length=40)),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="members.customer",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="members.member",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="business.place",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="business.staff",
                    ),
                ),
                (
                    "till",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="business.till",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Refund",
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
                ("at", models.DateTimeField()),
                (
                    "value_minor",
                    models.BigIntegerField(help_text="Of the goods, however they were paid."),
                ),
                (
                    "money_minor",
                    models.BigIntegerField(help_text="Given back in money, gift cards included."),
                ),
                ("points_returned", models.BigIntegerField(default=0)),
                ("points_taken_back", models.BigIntegerField(default=0)),
                ("owed", models.BigIntegerField(default=0, help_text="Points that were missing.")),
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
                    "operation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="ledger.operation",
                    ),
                ),
                (
                    "sale",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="sales.sale",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Payment",
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
                ("position", models.SmallIntegerField()),
                (
                    "method",
                    models.CharField(
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
                ),
                ("amount_minor", models.BigIntegerField()),
                ("points", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("is_deposit", models.BooleanField(default=False)),
                (
                    "removed_by",
                    models.UUIDField(help_text="The operation that took it away again.", null=True),
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
                    "gift_card",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="giftcards.giftcard",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="ledger.operation",
                    ),
                ),
                (
                    "sale",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="sales.sale",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SaleLine",
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
                ("position", models.SmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("service", "Service"),
                            ("class", "Class"),
                            ("product", "Product"),
                            ("ticket", "Ticket"),
                            ("gift_card", "Gift card"),
                            ("tip", "Tip"),
                        ],
                        max_length=16,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("quantity", models.IntegerField()),
                (
                    "list_minor",
                    models.BigIntegerField(help_text="Of the whole line, before any discount."),
                ),
                ("charged_minor", models.BigIntegerField()),
                ("points_part_minor", models.BigIntegerField(default=0)),
                ("earned_points", models.BigIntegerField(default=0)),
                ("own_points", models.BigIntegerField(null=True)),
                (
                    "connected",
                    models.BooleanField(default=True, help_text="To the programme, when sold."),
                ),
                ("memorandum", models.BooleanField(default=False)),
                ("booking", models.UUIDField(null=True)),
                ("reward_points", models.BigIntegerField(default=0)),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="catalogue.item",
                    ),
                ),
                (
                    "reward",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="programmes.reward",
                    ),
                ),
                (
                    "sale",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="sales.sale",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RefundLine",
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
                ("value_minor", models.BigIntegerField()),
                ("quantity", models.IntegerField(default=0)),
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
                    "refund",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="sales.refund",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="sales.saleline",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RefundPayment",
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
                    "method",
                    models.CharField(
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
                ),
                ("amount_minor", models.BigIntegerField()),
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
                    "gift_card",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="giftcards.giftcard",
                    ),
                ),
                (
                    "payment",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="sales.payment",
                    ),
                ),
                (
                    "refund",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="sales.refund",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["business", "refund"], name="refund_payment_by_refund")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)),
                        name="refund_payment_of_something",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="sale",
            index=models.Index(fields=["business", "member", "paid_day"], name="sale_by_member"),
        ),
        migrations.AddIndex(
            model_name="sale",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["business", "opened_at"],
                name="sale_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="sale",
            constraint=models.UniqueConstraint(fields=("business", "id"), name="sale_of_business"),
        ),
        migrations.AddConstraint(
            model_name="sale",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number__isnull", False)),
                fields=("business", "number"),
                name="sale_number_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="sale",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("charged_minor__gte", 0),
                    ("refunded_minor__gte", 0),
                    ("refunded_minor__lte", models.F("charged_minor")),
                ),
                name="sale_refunded_within_charged",
            ),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(fields=["business", "sale"], name="refund_by_sale"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(
                fields=("business", "id"), name="refund_of_business"
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("money_minor__gte", 0),
                    ("owed__gte", 0),
                    ("value_minor__gte", 0),
                    ("points_returned__gte", 0),
                    ("points_taken_back__gte", 0),
                ),
                name="refund_not_negative",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("gift_card__isnull", False)),
                fields=["business", "gift_card"],
                name="payment_by_gift_card",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                fields=("business", "id"), name="payment_of_business"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                fields=("business", "sale", "position"), name="payment_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="payment_of_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="saleline",
            constraint=models.UniqueConstraint(
                fields=("business", "id"), name="sale_line_of_business"
            ),
        ),
        migrations.AddConstraint(
            model_name="saleline",
            constraint=models.UniqueConstraint(
                fields=("business", "sale", "position"), name="sale_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="saleline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="sale_line_of_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="saleline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("points_part_minor__gte", 0),
                    ("points_part_minor__lte", models.F("charged_minor")),
                ),
                name="sale_line_points_within_charged",
            ),
        ),
        migrations.AddIndex(
            model_name="refundline",
            index=models.Index(fields=["business", "line"], name="refund_line_by_line"),
        ),
        migrations.AddConstraint(
            model_name="refundline",
            constraint=models.UniqueConstraint(
                fields=("business", "refund", "line"), name="refund_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="refundline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 0), ("value_minor__gte", 0)),
                name="refund_line_not_negative",
            ),
        ),
        business_key("sales_sale"),
        *composite_keys(
            "sales_sale",
            place="business_place",
            till="business_till",
            staff="business_staff",
            customer="members_customer",
            member="members_member",
        ),
        room_for_updates("sales_sale"),
        *composite_keys(
            "sales_saleline",
            sale="sales_sale",
            item="catalogue_item",
            reward="programmes_reward",
        ),
        *composite_keys(
            "sales_payment",
            sale="sales_sale",
            gift_card="giftcards_giftcard",
            operation="ledger_operation",
        ),
        *composite_keys(
            "sales_refund",
            sale="sales_sale",
            operation="ledger_operation",
        ),
        *composite_keys(
            "sales_refundline",
            refund="sales_refund",
            line="sales_saleline",
        ),
        *composite_keys(
            "sales_refundpayment",
            refund="sales_refund",
            payment="sales_payment",
            gift_card="giftcards_giftcard",
        ),
    ]
