from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0003_online"),
    ]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="gives_back_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Cancelled, and what was paid online goes back: when it is tried next.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="gives_back_tries",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="How often it was tried to give back what was paid."
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("gives_back_at__isnull", False)),
                fields=["business", "gives_back_at"],
                name="booking_gives_back",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("gives_back_at", None), ("state", "cancelled"), _connector="OR"
                ),
                name="booking_gives_back_cancelled",
            ),
        ),
    ]
