-- Signatures of challenges that were solved and used: each serves once. They go when the challenge runs out.
CREATE TABLE spent_work (
    signature BLOB NOT NULL PRIMARY KEY CHECK (length(signature) = 32),
    expires INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX spent_work_expires ON spent_work (expires);
