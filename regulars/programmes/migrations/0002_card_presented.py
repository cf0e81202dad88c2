from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="version",
            name="needs_card_presented",
            field=models.BooleanField(default=False),
        ),
    ]
