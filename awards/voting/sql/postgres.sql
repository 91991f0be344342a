-- The vote path (docs/decisions/0002-vote-tables.md). Keys begin with campaign and period and end with a keyed tag.
CREATE TABLE voter (
    campaign INTEGER NOT NULL REFERENCES campaign (id),
    channel TEXT NOT NULL,
    pid BYTEA NOT NULL CHECK (octet_length(pid) = 16),
    PRIMARY KEY (campaign, channel, pid)
);

CREATE TABLE printed_code (
    campaign INTEGER NOT NULL REFERENCES campaign (id),
    pid BYTEA NOT NULL CHECK (octet_length(pid) = 16),
    batch UUID NOT NULL REFERENCES code_batch (id),
    PRIMARY KEY (campaign, pid)
);

-- No foreign keys from here on: they cost a third of a batch, whose own statement proves that the campaign is there, and a
-- campaign with candidates can't be deleted.
CREATE TABLE ballot (
    campaign INTEGER NOT NULL,
    period INTEGER NOT NULL,
    tag BYTEA NOT NULL CHECK (octet_length(tag) = 16),
    cast_window INTEGER NOT NULL,
    channel TEXT NOT NULL,
    source TEXT NOT NULL,
    choices BYTEA NOT NULL CHECK (octet_length(choices) > 0),
    state TEXT NOT NULL DEFAULT 'valid' CHECK (state IN ('valid', 'held', 'void')),
    PRIMARY KEY (campaign, period, tag)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never changed so', TG_TABLE_NAME;
END $$;

CREATE TRIGGER ballot_is_kept BEFORE DELETE OR TRUNCATE ON ballot
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE quota (
    campaign INTEGER NOT NULL,
    period INTEGER NOT NULL,
    tag BYTEA NOT NULL CHECK (octet_length(tag) = 16),
    used INTEGER NOT NULL,
    most INTEGER NOT NULL,
    PRIMARY KEY (campaign, period, tag),
    CHECK (used BETWEEN 1 AND most)
);

CREATE TABLE tally (
    campaign INTEGER NOT NULL,
    candidate INTEGER NOT NULL,
    n BIGINT NOT NULL CHECK (n >= 0),
    PRIMARY KEY (campaign, candidate)
);

CREATE TABLE leaf_outbox (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    leaf BYTEA NOT NULL CHECK (octet_length(leaf) = 32)
);
