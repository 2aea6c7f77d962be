-- Checking petitions before they open. A petition whose rejection was taken back waits again and keeps its number, which
-- nobody else gets.
ALTER TABLE petitions DROP CONSTRAINT IF EXISTS petitions_numbered;
ALTER TABLE petitions
    ADD CONSTRAINT petitions_numbered CHECK (is_archived OR state = 'submitted'
        OR (state IN ('draft', 'sponsoring')) = (number IS NULL)),
    -- kept from everybody but its author and officers, because of the reason for which it was rejected
    ADD COLUMN text_hidden boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT petitions_hidden CHECK (NOT text_hidden OR state IN ('submitted', 'rejected'));

-- Why petitions were rejected, as their authors and the public were told. Rows never change: a rejection that a
-- complaint has overturned stays, and the petition may get another one.
CREATE TABLE rejections (
    id           uuid        PRIMARY KEY,   -- UUIDv7
    petition_id  uuid        NOT NULL,
    reason       text        NOT NULL,      -- its code in the workflow
    rule         jsonb       NOT NULL,      -- words of the reason and to whom to complain, as they were then
    note         text        NOT NULL,
    language     text        NOT NULL,      -- BCP 47, of the note
    duplicate_of bigint      CHECK (duplicate_of > 0),
    hides_text   boolean     NOT NULL,
    officer      bytea       NOT NULL,      -- pseudonym of the scope "authors"
    rejected_at  timestamptz NOT NULL
);
CREATE INDEX rejections_petition ON rejections (petition_id, rejected_at DESC, id DESC);

CREATE TABLE complaints (
    id           uuid        PRIMARY KEY,   -- UUIDv7
    rejection_id uuid        NOT NULL,
    petition_id  uuid        NOT NULL,
    text         text        NOT NULL,      -- for officers and its author alone
    made_at      timestamptz NOT NULL,
    CONSTRAINT complaints_once UNIQUE (rejection_id)
);
CREATE INDEX complaints_petition ON complaints (petition_id, made_at DESC, id DESC);

CREATE TABLE complaint_decisions (
    complaint_id uuid        CONSTRAINT complaint_decisions_once PRIMARY KEY,
    is_upheld    boolean     NOT NULL,
    text         text        NOT NULL,      -- public
    language     text        NOT NULL,      -- BCP 47, of the text
    officer      bytea       NOT NULL,
    decided_at   timestamptz NOT NULL
);

-- What officers say to each other about a case; never public.
CREATE TABLE case_notes (
    id          uuid        PRIMARY KEY,    -- UUIDv7
    petition_id uuid        NOT NULL,
    kind        text        NOT NULL CHECK (kind IN ('note', 'question', 'opinion')),
    text        text        NOT NULL,
    advice      text        NOT NULL DEFAULT '' CHECK (advice IN ('', 'open', 'reject')),
    reason      text        NOT NULL DEFAULT '',    -- of an advice to reject
    answers     uuid        CONSTRAINT case_notes_answered_once UNIQUE,   -- the question, of an opinion
    officer     bytea       NOT NULL,
    at          timestamptz NOT NULL,
    CHECK ((kind = 'opinion') = (answers IS NOT NULL)),
    CHECK ((kind = 'opinion') = (advice <> ''))
);
CREATE INDEX case_notes_petition ON case_notes (petition_id, at, id);
CREATE INDEX case_notes_questions ON case_notes (petition_id) WHERE kind = 'question';

CREATE TRIGGER rejections_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON rejections
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER complaints_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON complaints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER complaint_decisions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON complaint_decisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER case_notes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_notes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Who is on a case; a claim is over after a day.
CREATE TABLE case_claims (
    petition_id uuid        PRIMARY KEY,
    officer     bytea       NOT NULL,
    claimed_at  timestamptz NOT NULL DEFAULT now()
);

-- Answers that an authority keeps ready. A deleted one can be brought back for a while.
CREATE TABLE answer_templates (
    id           uuid        PRIMARY KEY,   -- UUIDv7
    authority_id uuid        NOT NULL,
    name         text        NOT NULL,
    reason       text        NOT NULL DEFAULT '',   -- code that it is offered for; empty for any
    texts        jsonb       NOT NULL,      -- BCP 47 language to text
    updated_at   timestamptz NOT NULL DEFAULT now(),
    deleted_at   timestamptz
);
CREATE UNIQUE INDEX answer_templates_name ON answer_templates (authority_id, name) WHERE deleted_at IS NULL;

CREATE INDEX deadlines_unmet ON deadlines (petition_id) WHERE met_at IS NULL;
