-- How many text messages went out, in which span of time (its first second), for which purpose or to which country.
CREATE TABLE text_count (
    scope TEXT NOT NULL,
    span INTEGER NOT NULL,
    sent INTEGER NOT NULL CHECK (sent >= 0),
    used INTEGER NOT NULL,
    PRIMARY KEY (scope, span),
    CHECK (used BETWEEN 0 AND sent)
) WITHOUT ROWID;
