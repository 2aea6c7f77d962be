-- Pauses, for instance for an election: nobody signs, or no petition opens, for a time. Rows never change.
CREATE TABLE pauses (
    id            uuid        PRIMARY KEY,   -- UUIDv7
    authority_id  uuid        NOT NULL,
    authorities   uuid[]      NOT NULL,      -- it and all below it, as they were when it was decided
    from_at       timestamptz NOT NULL,
    until_at      timestamptz NOT NULL,
    reason        jsonb       NOT NULL,      -- BCP 47 language to text
    stops_signing boolean     NOT NULL,
    stops_opening boolean     NOT NULL,
    excepted      uuid[]      NOT NULL,      -- petitions that collect all the same
    officer       bytea,                     -- pseudonym of the scope "authors"; NULL for the command line
    decided_at    timestamptz NOT NULL,
    CHECK (until_at > from_at),
    CHECK (stops_signing OR stops_opening)
);
CREATE INDEX pauses_until ON pauses (until_at);

-- Pauses that were ended before their time.
CREATE TABLE pause_ends (
    pause_id uuid        CONSTRAINT pause_ends_once PRIMARY KEY REFERENCES pauses (id),
    officer  bytea,
    ended_at timestamptz NOT NULL
);

CREATE TRIGGER pauses_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pauses
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER pause_ends_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pause_ends
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
