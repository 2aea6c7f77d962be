-- Persons who asked to be erased, until it is done or taken back.
CREATE TABLE erasure_requests (
    person_id    uuid        PRIMARY KEY REFERENCES persons (id) ON DELETE CASCADE,
    requested_at timestamptz NOT NULL DEFAULT now(),
    due_at       timestamptz NOT NULL,
    hides_name   boolean     NOT NULL
);
CREATE INDEX erasure_requests_due ON erasure_requests (due_at);

-- Erasures that were done, kept for good: after a restore they are done again. The hash names nobody.
CREATE TABLE erasures (
    id          uuid        PRIMARY KEY,
    person_hash bytea       NOT NULL UNIQUE CHECK (octet_length(person_hash) = 32),
    erased_at   timestamptz NOT NULL,
    hides_name  boolean     NOT NULL
);
CREATE FUNCTION keep_erasures() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER erasures_append_only BEFORE UPDATE OR DELETE ON erasures
    FOR EACH ROW EXECUTE FUNCTION keep_erasures();
