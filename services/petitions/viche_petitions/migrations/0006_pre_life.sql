-- The whole life of a petition: it may look for sponsors before it is checked, and it may be rejected. Terms are fixed
-- for the time being when it is handed in, so that clocks run while it is checked, and for good when it opens.
ALTER TABLE petitions
    DROP CONSTRAINT IF EXISTS petitions_state_check,
    DROP CONSTRAINT IF EXISTS petitions_check3,
    DROP CONSTRAINT IF EXISTS petitions_check4,
    DROP CONSTRAINT IF EXISTS petitions_check5;
ALTER TABLE petitions
    ADD CONSTRAINT petitions_state CHECK (state IN
        ('draft', 'sponsoring', 'submitted', 'open', 'threshold_reached', 'closed', 'rejected')),
    ADD CONSTRAINT petitions_numbered CHECK (is_archived OR
        (state IN ('draft', 'sponsoring', 'submitted')) = (number IS NULL)),
    ADD CONSTRAINT petitions_begun CHECK (is_archived OR
        (state IN ('open', 'threshold_reached', 'closed')) = (opened_at IS NOT NULL AND terms IS NOT NULL)
        OR state IN ('sponsoring', 'submitted', 'rejected') AND opened_at IS NULL);

-- What happened to a petition, and who said so. Rows never change.
CREATE TABLE happenings (
    id          uuid        PRIMARY KEY,
    petition_id uuid        NOT NULL,
    event       text        NOT NULL,   -- for instance "consideration_started"
    at          timestamptz NOT NULL,   -- when it happened
    recorded_at timestamptz NOT NULL DEFAULT now(),
    officer     bytea                   -- pseudonym of the scope "authors"; null for what nobody decided
);
CREATE INDEX happenings_petition ON happenings (petition_id, at, id);
CREATE TRIGGER happenings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON happenings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
