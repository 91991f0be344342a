-- The vote path (docs/decisions/0002-vote-tables.md). Rows stand in key order: nothing here tells when a vote came.
CREATE TABLE voter (
    campaign INTEGER NOT NULL REFERENCES campaign (id),
    channel TEXT NOT NULL,
    pid BLOB NOT NULL CHECK (length(pid) = 16),
    PRIMARY KEY (campaign, channel, pid)
) WITHOUT ROWID;

CREATE TABLE printed_code (
    campaign INTEGER NOT NULL REFERENCES campaign (id),
    pid BLOB NOT NULL CHECK (length(pid) = 16),
    batch CHAR(36) NOT NULL REFERENCES code_batch (id),
    PRIMARY KEY (campaign, pid)
) WITHOUT ROWID;

CREATE TABLE ballot (
    campaign INTEGER NOT NULL REFERENCES campaign (id),
    period INTEGER NOT NULL,
    tag BLOB NOT NULL CHECK (length(tag) = 16),
    cast_window INTEGER NOT NULL,
    channel TEXT NOT NULL,
    source TEXT NOT NULL,
    choices BLOB NOT NULL CHECK (length(choices) > 0),
    state TEXT NOT NULL DEFAULT 'valid' CHECK (state IN ('valid', 'held', 'void')),
    PRIMARY KEY (campaign, period, tag)
) WITHOUT ROWID;

CREATE TRIGGER ballot_is_kept BEFORE DELETE ON ballot
BEGIN
    SELECT RAISE(ABORT, 'a ballot is never deleted');
END;

CREATE TABLE quota (
    campaign INTEGER NOT NULL REFERENCES campaign (id),
    period INTEGER NOT NULL,
    tag BLOB NOT NULL CHECK (length(tag) = 16),
    used INTEGER NOT NULL,
    most INTEGER NOT NULL,
    PRIMARY KEY (campaign, period, tag),
    CHECK (used BETWEEN 1 AND most)
) WITHOUT ROWID;

CREATE TABLE tally (
    campaign INTEGER NOT NULL REFERENCES campaign (id),
    candidate INTEGER NOT NULL,
    n INTEGER NOT NULL CHECK (n >= 0),
    PRIMARY KEY (campaign, candidate)
) WITHOUT ROWID;

CREATE TABLE leaf_outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    leaf BLOB NOT NULL CHECK (length(leaf) = 32)
);
