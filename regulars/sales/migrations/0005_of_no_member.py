from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sales", "0004_online")]

    operations = [
        migrations.AddIndex(
            model_name="sale",
            index=models.Index(
                fields=["business", "customer"],
                condition=models.Q(("customer__isnull", False), ("member__isnull", True)),
                name="sale_of_no_member",
            ),
        ),
    ]
