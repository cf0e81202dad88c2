from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("business", "0004_failures")]

    operations = [
        migrations.AddField(
            model_name="staff",
            name="pin_hash",
            field=models.CharField(
                blank=True,
                default="",
                help_text="By it they take over at a till; empty = by none.",
                max_length=128,
            ),
            preserve_default=False,
        ),
        # As `createcachetable` would make it, so that there is no installation without it.
        migrations.RunSQL(
            """
            CREATE TABLE IF NOT EXISTS regulars_cache (
              cache_key varchar(255) NOT NULL PRIMARY KEY,
              value text NOT NULL,
              expires timestamp with time zone NOT NULL);
            CREATE INDEX IF NOT EXISTS regulars_cache_expires ON regulars_cache (expires);
            """,
            "DROP TABLE regulars_cache",
        ),
    ]
