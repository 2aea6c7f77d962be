-- Files of public data as they were on a day, to be cited: written once, on that day, and never again.
CREATE TABLE snapshots (
    day          date        NOT NULL,
    file_name    text        NOT NULL,
    zone         text        NOT NULL,                      -- in which the day is one
    written_at   timestamptz NOT NULL DEFAULT now(),        -- the numbers are those of this instant
    size_bytes   bigint      NOT NULL CHECK (size_bytes >= 0),
    zipped_bytes bigint      NOT NULL CHECK (zipped_bytes >= 0),
    sha256       text        NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),   -- of the file, not of the compressed one
    petitions    bigint      NOT NULL CHECK (petitions >= 0),
    parts        integer     NOT NULL CHECK (parts > 0),
    CONSTRAINT snapshots_once PRIMARY KEY (day, file_name),
    CONSTRAINT snapshots_of_their_day CHECK (day = (written_at AT TIME ZONE zone)::date)
);

-- The compressed file in parts, so that none of them is large in memory.
CREATE TABLE snapshot_parts (
    day       date    NOT NULL,
    file_name text    NOT NULL,
    part      integer NOT NULL CHECK (part >= 0),
    content   bytea   NOT NULL,
    PRIMARY KEY (day, file_name, part),
    FOREIGN KEY (day, file_name) REFERENCES snapshots DEFERRABLE INITIALLY DEFERRED
);
ALTER TABLE snapshot_parts ALTER COLUMN content SET STORAGE EXTERNAL;

-- Neither the past nor the clock can be told what to say.
CREATE FUNCTION stamp_snapshot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.written_at := now();
    RETURN NEW;
END
$$;
CREATE TRIGGER snapshots_stamped BEFORE INSERT ON snapshots FOR EACH ROW EXECUTE FUNCTION stamp_snapshot();
CREATE TRIGGER snapshots_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON snapshots
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER snapshot_parts_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON snapshot_parts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
