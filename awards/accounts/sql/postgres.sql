-- Signatures of challenges that were solved and used: each serves once. They go when the challenge runs out.
CREATE TABLE spent_work (
    signature BYTEA NOT NULL PRIMARY KEY CHECK (octet_length(signature) = 32),
    expires BIGINT NOT NULL
);

CREATE INDEX spent_work_expires ON spent_work (expires);
