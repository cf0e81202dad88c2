from django.db import migrations

ONLY_GROW = ("ledger_operation", "ledger_transfer", "ledger_draw", "ledger_seal")

FORWARDS = """
CREATE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows: correct a mistake by a reversal', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
    f"CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();\n"
    for table in ONLY_GROW
)
BACKWARDS = (
    "".join(f"DROP TRIGGER only_grows ON {table};\n" for table in ONLY_GROW)
    + "DROP FUNCTION ledger_only_grows();"
)


class Migration(migrations.Migration):
    """The books only grow: the database refuses to change or remove what was posted."""

    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
