import django.db.models.deletion
from django.db import migrations, models

import regulars.rows
from regulars.business.keys import business_key


class Migration(migrations.Migration):
    dependencies = [("business", "0005_pins")]

    operations = [
        migrations.CreateModel(
            name="DoneRequest",
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
                ("request_id", models.UUIDField()),
                (
                    "request_hash",
                    models.BinaryField(
                        help_text="Keyed HMAC of what was asked: it may hold an address.",
                        max_length=32,
                    ),
                ),
                (
                    "answer",
                    models.JSONField(
                        help_text="Ids, codes and whole numbers; nothing of a person."
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("business", "id"), name="done_request_of_business"
                    ),
                    models.UniqueConstraint(
                        fields=("business", "request_id"), name="done_request_once"
                    ),
                ],
            },
        ),
        business_key("business_donerequest"),
    ]
