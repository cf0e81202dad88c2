from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="message", name="message_due"),
        migrations.AlterField(
            model_name="message",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, help_text="Those that began."),
        ),
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
                ],
                default="",
                max_length=40,
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="last_error",
            field=models.TextField(
                blank=True, default="", help_text="A code; nothing of whom, nothing secret."
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="next_try_at",
            field=models.DateTimeField(help_text="While it is waiting.", null=True),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["business", "message_class", "next_try_at"],
                name="message_due",
            ),
        ),
    ]
