-- What everybody has to know just now. The last row of a kind holds, unless it is an end or its time is over.
CREATE TABLE notices (
    position bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind     text        NOT NULL CHECK (kind IN ('banner', 'maintenance')),
    texts    jsonb       NOT NULL,   -- BCP 47 language to text
    link     text        NOT NULL,
    until_at timestamptz,            -- NULL where it does not end by itself
    is_end   boolean     NOT NULL,
    at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX notices_of_kind ON notices (kind, position);
CREATE FUNCTION keep_notices() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER notices_append_only BEFORE UPDATE OR DELETE ON notices
    FOR EACH ROW EXECUTE FUNCTION keep_notices();
