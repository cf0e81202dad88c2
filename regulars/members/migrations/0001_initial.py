import django.db.models.deletion
import regulars.rows
from django.db import migrations, models
from regulars.business.keys import business_key, composite_keys, room_for_updates


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("business", "0001_initial"),
        ("ledger", "0001_initial"),
        ("programmes", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Customer",
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
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                (
                    "language",
                    models.CharField(
                        blank=True, default="", max_length=35, verbose_name="language"
                    ),
                ),
                (
                    "code_word_encrypted",
                    models.BinaryField(help_text="Identifies on the phone.", null=True),
                ),
                ("note", models.TextField(blank=True, default="", verbose_name="note")),
                ("born", models.DateField(blank=True, null=True, verbose_name="birthday")),
                ("created_at", models.DateTimeField()),
                (
                    "source",
                    models.CharField(
                        blank=True, default="", help_text="Where from.", max_length=40
                    ),
                ),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reward_rule_lifted",
                    models.BooleanField(
                        default=False, help_text="May take first-time rewards any time (S8)."
                    ),
                ),
                (
                    "external_id",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="The number in the system imported from.",
                        max_length=200,
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
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="members.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Contact",
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
                ("value", models.CharField(max_length=254)),
                ("verified_at", models.DateTimeField(blank=True, null=True)),
                (
                    "released_at",
                    models.DateTimeField(
                        blank=True, help_text="No longer this customer's since.", null=True
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
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="members.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Consent",
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
                    "channel",
                    models.CharField(
                        choices=[("email", "E-mail"), ("sms", "Text message")], max_length=8
                    ),
                ),
                ("granted", models.BooleanField()),
                ("at", models.DateTimeField()),
                (
                    "source",
                    models.CharField(
                        blank=True, default="", help_text="Where it was said.", max_length=40
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
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="members.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GroupMember",
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
                        related_name="groups",
                        to="members.customer",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="programmes.group",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Member",
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
                ("joined_at", models.DateTimeField()),
                ("activated_at", models.DateTimeField(blank=True, null=True)),
                ("blocked_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("level_since", models.DateField()),
                (
                    "windows_from",
                    models.DateField(
                        blank=True,
                        help_text="After a drop, nothing before this day counts.",
                        null=True,
                    ),
                ),
                (
                    "raised_by",
                    models.UUIDField(help_text="The sale that raised the level.", null=True),
                ),
                (
                    "level_before",
                    models.UUIDField(help_text="The level held before that rise.", null=True),
                ),
                ("last_visit", models.DateField(blank=True, null=True)),
                ("joined_by", models.CharField(blank=True, default="", max_length=16)),
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
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="members.customer",
                    ),
                ),
                (
                    "level",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="programmes.level",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="programmes.programme",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LevelChange",
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
                    "why",
                    models.CharField(
                        choices=[
                            ("joined", "Joined"),
                            ("spending", "Spent enough"),
                            ("visits", "Came often enough"),
                            ("absence", "Stayed away"),
                            ("refund", "A purchase was refunded"),
                            ("group", "Customer group"),
                            ("moved", "Moved to another programme"),
                        ],
                        max_length=16,
                    ),
                ),
                ("operation", models.UUIDField(null=True)),
                ("sale", models.UUIDField(null=True)),
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
                    "from_level",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programmes.level",
                    ),
                ),
                (
                    "to_level",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programmes.level",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="level_changes",
                        to="members.member",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Card",
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
                ("number", models.CharField(help_text="Upper case, no spaces.", max_length=64)),
                (
                    "secret_hash",
                    models.BinaryField(
                        help_text="HMAC of the secret code.", max_length=32, null=True
                    ),
                ),
                ("is_virtual", models.BooleanField(default=False)),
                ("issued_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(blank=True, null=True)),
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
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cards",
                        to="members.member",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Referral",
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
                        help_text="The credit of its points, if they were added.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.operation",
                    ),
                ),
                (
                    "referred",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.customer",
                    ),
                ),
                (
                    "referrer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="members.customer",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.UniqueConstraint(
                fields=("business", "id"), name="customer_of_business"
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("business", "external_id"),
                name="customer_imported_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True),
                    models.Q(("merged_into", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="customer_not_merged_into_itself",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["business", "customer"], name="contact_by_customer"),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("released_at__isnull", True)),
                fields=("business", "kind", "value"),
                name="contact_of_one_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(
                fields=["business", "customer", "channel", "at"], name="consent_latest"
            ),
        ),
        migrations.AddIndex(
            model_name="groupmember",
            index=models.Index(fields=["business", "group"], name="group_members"),
        ),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=models.UniqueConstraint(
                fields=("business", "customer", "group"), name="group_member_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                fields=("business", "id"), name="member_of_business"
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("business", "customer"),
                name="member_one_open_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                fields=("business", "account"), name="member_own_account"
            ),
        ),
        migrations.AddIndex(
            model_name="levelchange",
            index=models.Index(fields=["business", "member", "at"], name="level_history"),
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(fields=["business", "member"], name="card_by_member"),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.UniqueConstraint(
                fields=("business", "number"), name="card_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at__isnull", True), ("secret_hash__isnull", False)),
                fields=("business", "secret_hash"),
                name="card_secret_once",
            ),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["business", "referrer"], name="referral_by_referrer"),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.UniqueConstraint(
                fields=("business", "referred"), name="referral_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="referral",
            constraint=models.CheckConstraint(
                condition=models.Q(("referred", models.F("referrer")), _negated=True),
                name="referral_of_another",
            ),
        ),
        business_key("members_customer"),
        *composite_keys(
            "members_customer",
            merged_into="members_customer",
        ),
        *composite_keys(
            "members_contact",
            customer="members_customer",
        ),
        *composite_keys(
            "members_consent",
            customer="members_customer",
        ),
        *composite_keys(
            "members_groupmember",
            group="programmes_group",
            customer="members_customer",
        ),
        *composite_keys(
            "members_member",
            customer="members_customer",
            programme="programmes_programme",
            account="ledger_account",
            level="programmes_level",
        ),
        room_for_updates("members_member"),
        *composite_keys(
            "members_card",
            member="members_member",
        ),
        *composite_keys(
            "members_levelchange",
            member="members_member",
            from_level="programmes_level",
            to_level="programmes_level",
        ),
        *composite_keys(
            "members_referral",
            referred="members_customer",
            referrer="members_customer",
            operation="ledger_operation",
        ),
    ]
