import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import regulars.rows
from regulars.business.keys import business_key, composite_keys


class Migration(migrations.Migration):
    dependencies = [("business", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ApiKey",
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
                    "name",
                    models.CharField(
                        help_text="What it is for, such as the till's maker.", max_length=200
                    ),
                ),
                (
                    "secret_hash",
                    models.BinaryField(help_text="HMAC of the secret part.", max_length=32),
                ),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32), default=list, size=None
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(help_text="To the minute.", null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
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
                    "staff",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        help_text="In whose name it acts, where a limit or a role matters.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="business.staff",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("business", "id"), name="api_key_of_business")
                ],
            },
        ),
        business_key("business_apikey"),
        *composite_keys("business_apikey", staff="business_staff"),
    ]
