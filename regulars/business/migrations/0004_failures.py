from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("business", "0003_credit_after")]

    operations = [
        migrations.CreateModel(
            name="FailureCount",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        editable=False,
                        help_text="Half of a keyed hash of who it is, and of what they got wrong.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("failures", models.PositiveIntegerField()),
                ("until", models.DateTimeField(help_text="Then counting begins anew.")),
            ],
        ),
    ]
