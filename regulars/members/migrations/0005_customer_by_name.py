import django.db.models.functions.comparison
from django.db import migrations, models

FUNCTION = r"""
CREATE FUNCTION members_in_order(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
RETURN (
  SELECT coalesce(string_agg(word, ' ' ORDER BY place), U&'\+10FFFF')
  FROM unnest(members_words(name)) WITH ORDINALITY AS w (word, place));

COMMENT ON FUNCTION members_in_order IS
  'A name as lists are sorted by it: its words as they are found, no name last.';
"""

NO_FUNCTION = "DROP FUNCTION members_in_order"


class Migration(migrations.Migration):
    """The list of customers in the order of their names."""

    dependencies = [("members", "0004_merging")]

    operations = [
        migrations.RunSQL(FUNCTION, NO_FUNCTION),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("business"),
                django.db.models.functions.comparison.Collate(
                    models.Func(models.F("name"), function="members_in_order"), "C"
                ),
                models.F("id"),
                condition=models.Q(("erased_at__isnull", True), ("merged_into__isnull", True)),
                name="customer_by_name",
            ),
        ),
    ]
