from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("giftcards", "0002_online")]

    operations = [
        migrations.AddIndex(
            model_name="giftcardsending",
            index=models.Index(
                fields=["business", "sender"],
                condition=models.Q(("sender__isnull", False)),
                name="gift_card_sending_by_sender",
            ),
        ),
    ]
