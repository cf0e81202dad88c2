from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0005_held_why"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["business", "-created_at", "-id"], name="message_newest"),
        ),
    ]
