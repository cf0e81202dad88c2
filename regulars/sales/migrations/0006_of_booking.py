from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sales", "0005_of_no_member")]

    operations = [
        migrations.AddIndex(
            model_name="saleline",
            index=models.Index(
                fields=["business", "booking"],
                condition=models.Q(("booking__isnull", False)),
                name="sale_line_of_booking",
            ),
        ),
    ]
