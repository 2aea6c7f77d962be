-- From the threshold to the answer: steps, prolonged terms, the official answer with its documents, hearings.

-- What an event needs said of it: the closing event that ended a petition early, the register number of an appeal.
ALTER TABLE happenings ADD COLUMN detail text NOT NULL DEFAULT '';
-- Steps that officers note happen once, whoever notes them first.
CREATE UNIQUE INDEX happenings_once ON happenings (petition_id, event)
    WHERE event IN ('handed_over', 'verified', 'consideration_started', 'answered', 'taken_as_appeal');

-- Terms that were prolonged, with what they were before. A clock that starts anew may be prolonged anew.
CREATE TABLE deadline_extensions (
    petition_id uuid        NOT NULL,
    clock       text        NOT NULL,
    started_at  timestamptz NOT NULL,   -- of the deadline
    former      jsonb       NOT NULL,   -- how the day before was found
    reason      jsonb       NOT NULL,   -- BCP 47 language to text
    officer     bytea       NOT NULL,   -- pseudonym of the scope "authors"
    extended_at timestamptz NOT NULL,
    CONSTRAINT deadline_extensions_once PRIMARY KEY (petition_id, clock, started_at)
);

-- Official answers and their corrections. Rows never change.
CREATE TABLE answers (
    petition_id     uuid        NOT NULL,
    version         integer     NOT NULL CHECK (version >= 1),
    decision        text        NOT NULL CHECK (decision IN ('accepted', 'partly_accepted', 'declined', 'explained')),
    summary         jsonb       NOT NULL,   -- BCP 47 language to text, as below
    reasons         jsonb       NOT NULL,
    signed_by       text        NOT NULL,
    correction_note jsonb       NOT NULL,   -- what changed and why
    officer         bytea       NOT NULL,
    published_at    timestamptz NOT NULL,
    CONSTRAINT answers_version PRIMARY KEY (petition_id, version),
    CHECK ((version = 1) = (correction_note = '{}'))
);

-- Files in the object store under petitions/PETITION/DOCUMENT, noted before they are put there. Those that nobody uses
-- are marked as removed, then their objects are deleted, then the rows.
CREATE TABLE documents (
    id          uuid        PRIMARY KEY,   -- UUIDv7
    petition_id uuid        NOT NULL,
    file_name   text        NOT NULL,
    media_type  text        NOT NULL,
    size_bytes  bigint      NOT NULL CHECK (size_bytes > 0),
    sha256      text        NOT NULL,
    officer     bytea       NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    removed_at  timestamptz
);
CREATE INDEX documents_petition ON documents (petition_id, id);
CREATE INDEX documents_created ON documents (created_at);

CREATE TABLE answer_documents (
    petition_id uuid    NOT NULL,
    version     integer NOT NULL,
    position    integer NOT NULL,
    document_id uuid    NOT NULL REFERENCES documents (id),
    title       jsonb   NOT NULL,
    PRIMARY KEY (petition_id, version, position),
    FOREIGN KEY (petition_id, version) REFERENCES answers (petition_id, version)
);
CREATE INDEX answer_documents_document ON answer_documents (document_id);

-- What officers have written so far; not public. One for each petition.
CREATE TABLE answer_drafts (
    petition_id      uuid        PRIMARY KEY,
    version          integer     NOT NULL,
    content          jsonb       NOT NULL,
    corrects_version integer     NOT NULL,
    officer          bytea       NOT NULL,
    saved_at         timestamptz NOT NULL
);

-- What was said of hearings; the last row of a hearing holds. Rows never change.
CREATE TABLE hearings (
    petition_id    uuid        NOT NULL,
    version        integer     NOT NULL CHECK (version >= 1),
    hearing        integer     NOT NULL CHECK (hearing >= 1),
    title          jsonb       NOT NULL,
    held_at        timestamptz NOT NULL,
    place          jsonb       NOT NULL,
    watch_url      text        NOT NULL,
    outcome        jsonb       NOT NULL,
    transcript_url text        NOT NULL,
    video_url      text        NOT NULL,
    is_cancelled   boolean     NOT NULL,
    note           jsonb       NOT NULL,
    officer        bytea       NOT NULL,
    published_at   timestamptz NOT NULL,
    CONSTRAINT hearings_version PRIMARY KEY (petition_id, version),
    CHECK (NOT is_cancelled OR outcome = '{}')
);

CREATE TRIGGER deadline_extensions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON deadline_extensions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER answers_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON answers
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER answer_documents_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON answer_documents
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER hearings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hearings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
