from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0006_newest"),
    ]

    operations = [
        migrations.AddField(
            model_name="messagesetting",
            name="sms_text",
            field=models.TextField(
                blank=True,
                default="",
                help_text="For text messages; empty = the same as by e-mail.",
            ),
        ),
    ]
