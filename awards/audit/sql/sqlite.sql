-- The record is append-only, and its chain has no forks.
CREATE UNIQUE INDEX uq_audit_previous ON audit_record (previous);

CREATE UNIQUE INDEX uq_audit_digest ON audit_record (digest);

CREATE TRIGGER audit_is_not_edited BEFORE UPDATE ON audit_record
BEGIN
    SELECT RAISE(ABORT, 'the audit record is append-only');
END;

CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit_record
BEGIN
    SELECT RAISE(ABORT, 'the audit record is append-only');
END;
