import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models

FUNCTIONS = r"""
CREATE FUNCTION members_words(name text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
RETURN ARRAY(
  SELECT left(word, 50)
  FROM regexp_split_to_table(
    regexp_replace(
      replace(
        translate(
          lower(regexp_replace(normalize(name, NFKD), '[\u0300-\u036f]', '', 'g')),
          'øłđıςæœ', 'oldiσao'),
        'ß', 'ss'),
      '([aou])e', '\1', 'g'),
    '[\s\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f]+') AS word
  WHERE word <> '');

COMMENT ON FUNCTION members_words IS
  'The words of a name without capitals, accents and punctuation; "ue" is "ü" is "u".';

CREATE FUNCTION members_named(business_id uuid, name text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000
RETURN array_to_tsvector(
  ARRAY(SELECT DISTINCT business_id || word FROM unnest(members_words(name)) AS word));

COMMENT ON FUNCTION members_named IS 'What a customer is found by: business and word in one.';

CREATE FUNCTION members_asked(business_id uuid, name text) RETURNS tsquery
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
  SELECT string_agg(quote_literal(business_id || word) || ':*', ' & ')
  FROM unnest(members_words(name)) AS word)::tsquery;

COMMENT ON FUNCTION members_asked IS 'Customers with words that begin like each of those typed.';
"""

NO_FUNCTIONS = """
DROP FUNCTION members_asked;
DROP FUNCTION members_named;
DROP FUNCTION members_words;
"""


class Migration(migrations.Migration):
    """Find people by the first letters: docs/decisions/0008-finding-people-by-a-few-letters.md."""

    dependencies = [("members", "0002_activation_code")]

    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.AlterField(
            model_name="card",
            name="number",
            field=models.CharField(
                db_collation="C", help_text="Upper case, no spaces.", max_length=64
            ),
        ),
        migrations.AlterField(
            model_name="contact",
            name="value",
            field=models.CharField(
                db_collation="C",
                help_text="By its bytes: found by its beginning too.",
                max_length=254,
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("business"),
                django.db.models.functions.text.Reverse("value"),
                condition=models.Q(("kind", "phone"), ("released_at__isnull", True)),
                name="contact_by_last_digits",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(models.F("business"), models.F("name"), function="members_named"),
                condition=models.Q(
                    models.Q(("name", ""), _negated=True),
                    ("erased_at__isnull", True),
                    ("merged_into__isnull", True),
                ),
                fastupdate=False,
                name="customer_by_words",
            ),
        ),
    ]
