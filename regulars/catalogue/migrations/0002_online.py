from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="item",
            name="description",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Customers see it.",
                max_length=500,
                verbose_name="description",
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="online",
            field=models.BooleanField(
                default=False, help_text="Booked or bought by customers on the booking site."
            ),
        ),
    ]
