-- The record is append-only, and its chain has no forks.
CREATE UNIQUE INDEX uq_audit_previous ON audit_record (previous);

CREATE UNIQUE INDEX uq_audit_digest ON audit_record (digest);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit record is append-only';
END $$;

CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_record
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
