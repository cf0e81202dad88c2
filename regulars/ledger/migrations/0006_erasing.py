from django.db import migrations

FORWARDS = """
CREATE FUNCTION ledger_only_notes_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.note = '' AND to_jsonb(NEW) - 'note' = to_jsonb(OLD) - 'note' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ledger_operation only grows: of an operation only the note can be erased'
        USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER only_grows ON ledger_operation;
CREATE TRIGGER only_grows BEFORE DELETE OR TRUNCATE ON ledger_operation
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();
CREATE TRIGGER only_notes_go BEFORE UPDATE ON ledger_operation
    FOR EACH ROW EXECUTE FUNCTION ledger_only_notes_go();
"""
BACKWARDS = """
DROP TRIGGER only_notes_go ON ledger_operation;
DROP TRIGGER only_grows ON ledger_operation;
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_operation
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_only_grows();
DROP FUNCTION ledger_only_notes_go();
"""


class Migration(migrations.Migration):
    """Of a posted operation only the note can be erased: it may name a person."""

    dependencies = [("ledger", "0005_merging")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
