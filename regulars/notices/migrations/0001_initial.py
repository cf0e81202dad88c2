import django.db.models.deletion
import regulars.rows
from django.db import migrations, models
from regulars.business.keys import business_key, composite_keys


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("business", "0001_initial"),
        ("members", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
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
                        choices=[
                            ("email", "E-mail"),
                            ("sms", "Text message"),
                            ("none", "No channel"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "message_class",
                    models.CharField(
                        choices=[("asked_for", "Asked for"), ("loyalty", "Loyalty")], max_length=16
                    ),
                ),
                ("template", models.CharField(max_length=40)),
                ("data", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sent", "Sent"),
                            ("held", "Held back"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=16,
                    ),
                ),
                ("held_why", models.CharField(blank=True, default="", max_length=40)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(blank=True, default="")),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("operation", models.UUIDField(null=True)),
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
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["business", "next_try_at"],
                        name="message_due",
                    ),
                    models.Index(fields=["business", "customer"], name="message_by_customer"),
                ],
            },
        ),
        business_key("notices_message"),
        *composite_keys(
            "notices_message",
            customer="members_customer",
        ),
    ]
