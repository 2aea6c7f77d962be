-- Who wrote a draft at the desk, for the citizen who is its author. Rows never change; they go with their draft, and with
-- the author who is erased.
CREATE TABLE drafts_written (
    petition_id  uuid        PRIMARY KEY REFERENCES petitions (id) ON DELETE CASCADE,
    officer      bytea       NOT NULL,  -- pseudonym of the scope "authors"
    authority_id uuid        NOT NULL,  -- that the officer wrote it at
    written_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX drafts_written_at ON drafts_written (written_at);
CREATE TRIGGER drafts_written_immutable BEFORE UPDATE OR TRUNCATE ON drafts_written
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
