from django.db import migrations


class Migration(migrations.Migration):
    """Receipt numbers: one sequence, so that no sale waits for another one's number."""

    dependencies = [("sales", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE sales_sale_number AS bigint START 1001",
            "DROP SEQUENCE sales_sale_number",
        ),
    ]
