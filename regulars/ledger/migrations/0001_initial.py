import django.db.models.deletion
import regulars.rows
from django.db import migrations, models
from regulars.business.keys import business_key, composite_keys, room_for_updates


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("business", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
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
                    "unit",
                    models.CharField(
                        help_text="A programme's id for its points; a currency's code for money.",
                        max_length=40,
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("member", "Member"),
                            ("gift_card", "Gift Card"),
                            ("owed", "Owed"),
                            ("issued", "Issued"),
                            ("redeemed", "Redeemed"),
                            ("burned", "Burned"),
                            ("adjusted", "Adjusted"),
                            ("sold", "Sold"),
                            ("carried", "Carried"),
                            ("written_off", "Written Off"),
                        ],
                        max_length=16,
                    ),
                ),
                ("balance", models.BigIntegerField(default=0)),
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
                    "main",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        help_text="Of an account of what is owed: the member's account.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="ledger.account",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Operation",
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
                            ("sale", "Sale"),
                            ("payment", "Payment"),
                            ("refund", "Refund"),
                            ("void", "Sale voided"),
                            ("forfeit", "Deposit forfeited"),
                            ("adjust", "Changed by hand"),
                            ("enrol", "Joined"),
                            ("activate", "Account activated"),
                            ("welcome", "Welcome bonus"),
                            ("burn", "Points burned"),
                            ("level", "Level changed"),
                            ("booking", "Visit"),
                            ("booking_reversal", "Visit taken back"),
                            ("referral", "Referral"),
                            ("reward", "Reward taken"),
                            ("reward_reversal", "Reward given back"),
                            ("gift_card_issue", "Gift card issued"),
                            ("gift_card_activate", "Gift card activated"),
                            ("gift_card_reversal", "Gift card taken back"),
                            ("carry_over", "Carried over"),
                            ("write_off", "Debt written off"),
                            ("import", "Imported"),
                        ],
                        max_length=24,
                    ),
                ),
                ("at", models.DateTimeField(help_text="When it happened, by the caller.")),
                ("recorded_at", models.DateTimeField(help_text="When it was written here.")),
                ("actor", models.UUIDField(help_text="Who of the staff did it.", null=True)),
                ("request_id", models.UUIDField()),
                (
                    "request_hash",
                    models.BinaryField(
                        help_text="SHA-256 of the parsed request.", max_length=32, null=True
                    ),
                ),
                (
                    "note",
                    models.TextField(blank=True, default="", help_text="The customer sees it too."),
                ),
                (
                    "explanation",
                    models.JSONField(default=dict, help_text="Codes and whole numbers only."),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
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
                    "reverses",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="ledger.operation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Lot",
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
                    "origin",
                    models.CharField(
                        choices=[
                            ("sale", "Purchase"),
                            ("booking", "Visit"),
                            ("welcome", "Welcome bonus"),
                            ("adjust", "Added by hand"),
                            ("referral", "Referral"),
                            ("returned", "Returned by a refund"),
                            ("carried", "Carried over"),
                        ],
                        max_length=16,
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("points_left", models.BigIntegerField()),
                ("usable_from", models.DateTimeField()),
                (
                    "usable_until",
                    models.DateTimeField(help_text="Exclusive; empty = never burns.", null=True),
                ),
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
                    "operation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="ledger.operation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Draw",
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
                ("points", models.BigIntegerField(help_text="Taken > 0; returned < 0.")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("payment", "Payment"),
                            ("reward", "Reward"),
                            ("gift_card", "Gift card"),
                            ("burn", "Burned"),
                            ("adjust", "Taken by hand"),
                            ("taken_back", "Taken back"),
                            ("owed", "Settled what was owed"),
                            ("returned", "Returned"),
                            ("carry_over", "Carried over"),
                        ],
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
                    "lot",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draws",
                        to="ledger.lot",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draws",
                        to="ledger.operation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
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
                ("number", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "recorded_until",
                    models.DateTimeField(help_text="Covers what was recorded before this instant."),
                ),
                ("operations", models.PositiveBigIntegerField(help_text="How many it covers.")),
                ("hash", models.BinaryField(max_length=32)),
                ("previous", models.BinaryField(max_length=32)),
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
            name="Transfer",
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
                ("amount", models.BigIntegerField()),
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
                    "from_account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="ledger.operation",
                    ),
                ),
                (
                    "to_account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                fields=("business", "id"), name="account_of_business"
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("main__isnull", True),
                    models.Q(("purpose__in", ["member", "gift_card"]), _negated=True),
                ),
                fields=("business", "unit", "purpose"),
                name="account_one_for_each_purpose",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                condition=models.Q(("main__isnull", False)),
                fields=("business", "main"),
                name="account_one_of_what_is_owed",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("purpose__in", ["member", "gift_card"]), _negated=True),
                    ("balance__gte", 0),
                    _connector="OR",
                ),
                name="account_not_below_zero",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("purpose", "owed"), _negated=True),
                    models.Q(("balance__lte", 0), ("main__isnull", False)),
                    _connector="OR",
                ),
                name="account_owed_not_above_zero",
            ),
        ),
        migrations.AddIndex(
            model_name="operation",
            index=models.Index(
                fields=["business", "account", "at", "id"], name="operation_history"
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.UniqueConstraint(
                fields=("business", "id"), name="operation_of_business"
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.UniqueConstraint(
                fields=("business", "request_id"), name="operation_once_per_request"
            ),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(
                fields=["business", "account", "usable_until"], name="lot_by_account"
            ),
        ),
        migrations.AddIndex(
            model_name="lot",
            index=models.Index(fields=["business", "usable_until"], name="lot_by_end"),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.UniqueConstraint(fields=("business", "id"), name="lot_of_business"),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="lot_holds_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("points_left__gte", 0), ("points_left__lte", models.F("amount"))
                ),
                name="lot_left_within_amount",
            ),
        ),
        migrations.AddIndex(
            model_name="draw",
            index=models.Index(fields=["business", "lot"], name="draw_by_lot"),
        ),
        migrations.AddIndex(
            model_name="draw",
            index=models.Index(fields=["business", "operation"], name="draw_by_operation"),
        ),
        migrations.AddConstraint(
            model_name="draw",
            constraint=models.CheckConstraint(
                condition=models.Q(("points", 0), _negated=True), name="draw_moves_points"
            ),
        ),
        migrations.AddConstraint(
            model_name="seal",
            constraint=models.UniqueConstraint(fields=("business", "number"), name="seal_once"),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(fields=["business", "operation"], name="transfer_by_operation"),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="transfer_moves_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_account", models.F("to_account")), _negated=True),
                name="transfer_between_two_accounts",
            ),
        ),
        business_key("ledger_account"),
        *composite_keys(
            "ledger_account",
            main="ledger_account",
        ),
        room_for_updates("ledger_account"),
        business_key("ledger_operation"),
        *composite_keys(
            "ledger_operation",
            account="ledger_account",
            reverses="ledger_operation",
        ),
        *composite_keys(
            "ledger_transfer",
            operation="ledger_operation",
            from_account="ledger_account",
            to_account="ledger_account",
        ),
        *composite_keys(
            "ledger_lot",
            account="ledger_account",
            operation="ledger_operation",
        ),
        room_for_updates("ledger_lot"),
        *composite_keys(
            "ledger_draw",
            operation="ledger_operation",
            lot="ledger_lot",
        ),
        business_key("ledger_seal"),
    ]
