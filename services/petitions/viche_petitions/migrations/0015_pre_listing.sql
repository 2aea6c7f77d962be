-- All that lists are filtered and sorted by, in a row of a few bytes for each petition that lists can show: a page is
-- found by walking an index of these rows, and counted by them. The defaults are for processes of the version before,
-- which insert counts alone, always where a row is already.
ALTER TABLE listed_counts
    ADD COLUMN state        text        NOT NULL DEFAULT 'open',
    ADD COLUMN is_archived  boolean     NOT NULL DEFAULT false,
    ADD COLUMN authority_id uuid,
    ADD COLUMN listed_at    timestamptz NOT NULL DEFAULT '-infinity';   -- opened, created, or unknown

-- Kept by the database, so that no way of changing a petition can forget it.
CREATE FUNCTION list_petition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM listed_counts WHERE petition_id = OLD.id;
    ELSIF NEW.number IS NULL OR NEW.state NOT IN ('open', 'threshold_reached', 'closed', 'rejected') THEN
        DELETE FROM listed_counts WHERE petition_id = NEW.id;
    ELSE
        INSERT INTO listed_counts AS l (petition_id, count, changed_at, state, is_archived, authority_id, listed_at)
        VALUES (
            NEW.id, coalesce(NEW.stated_count, 0), NEW.updated_at, NEW.state, NEW.is_archived, NEW.authority_id,
            coalesce(NEW.opened_at, NEW.created_at, '-infinity')
        )
        ON CONFLICT (petition_id) DO UPDATE SET
            count = coalesce(NEW.stated_count, l.count), state = excluded.state, is_archived = excluded.is_archived,
            authority_id = excluded.authority_id, listed_at = excluded.listed_at;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER petitions_listed
    AFTER INSERT OR DELETE OR UPDATE OF number, state, is_archived, authority_id, opened_at, created_at, stated_count
    ON petitions FOR EACH ROW EXECUTE FUNCTION list_petition();

INSERT INTO listed_counts AS l (petition_id, count, changed_at, state, is_archived, authority_id, listed_at)
    SELECT id, coalesce(stated_count, 0), updated_at, state, is_archived, authority_id,
        coalesce(opened_at, created_at, '-infinity')
    FROM petitions WHERE number IS NOT NULL AND state IN ('open', 'threshold_reached', 'closed', 'rejected')
    ON CONFLICT (petition_id) DO UPDATE SET
        count = CASE WHEN excluded.is_archived THEN excluded.count ELSE l.count END, state = excluded.state,
        is_archived = excluded.is_archived, authority_id = excluded.authority_id, listed_at = excluded.listed_at;

DROP INDEX listed_counts_count;
CREATE INDEX listed_counts_count ON listed_counts (count DESC, petition_id DESC) INCLUDE (state, is_archived);
CREATE INDEX listed_counts_recent ON listed_counts (listed_at DESC, petition_id DESC) INCLUDE (state, is_archived);
CREATE INDEX listed_counts_state ON listed_counts (state, is_archived, count DESC, petition_id DESC);
CREATE INDEX listed_counts_authority ON listed_counts (authority_id, state) WHERE authority_id IS NOT NULL;
