from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0004_online"),
    ]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="held_why",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_consent", "No consent to messages on this channel"),
                    ("no_contact", "No phone or e-mail to send it to"),
                    ("too_old", "Could not be sent in time"),
                    ("code_expired", "The code in it no longer holds"),
                    ("switched_off", "Messages of this kind are switched off"),
                    ("nothing_left", "There was nothing left to tell of"),
                ],
                default="",
                max_length=40,
            ),
        ),
    ]
