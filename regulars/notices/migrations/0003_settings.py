import django.db.models.deletion
import regulars.rows
from django.db import migrations, models
from regulars.business.keys import business_key


class Migration(migrations.Migration):
    dependencies = [("business", "0001_initial"), ("notices", "0002_queue")]

    operations = [
        migrations.CreateModel(
            name="MessageSetting",
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
                ("template", models.CharField(max_length=40)),
                ("is_on", models.BooleanField(default=True)),
                (
                    "text",
                    models.TextField(blank=True, default="", help_text="Empty = the usual text."),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("business", "template"), name="message_setting_once"
                    )
                ],
            },
        ),
        business_key("notices_messagesetting"),
    ]
