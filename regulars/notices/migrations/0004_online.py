from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0003_settings"),
    ]

    operations = [
        migrations.AddField(
            model_name="messagesetting",
            name="subject",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Of an e-mail; empty = the usual one.",
                max_length=200,
            ),
        ),
    ]
