from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sales", "0002_numbers")]

    operations = [
        migrations.AddField(
            model_name="sale",
            name="card_presented",
            field=models.BooleanField(
                default=False, help_text="The member's card, at any of its steps (S4)."
            ),
        ),
    ]
