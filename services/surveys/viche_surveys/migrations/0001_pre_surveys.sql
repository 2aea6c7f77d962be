-- Surveys from draft to closing, and what people answer.
CREATE TABLE surveys (
    id                uuid        PRIMARY KEY,                 -- UUIDv7
    number            bigint      UNIQUE CHECK (number > 0),   -- public; given when it is opened or scheduled
    state             text        NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'scheduled', 'open', 'closed')),
    authority_id      uuid        NOT NULL,
    version           integer     NOT NULL DEFAULT 1 CHECK (version >= 1),   -- of the definition that is answered now
    edition           bigint      NOT NULL DEFAULT 1,          -- grows with each change
    admission         text        NOT NULL CHECK (admission IN ('open', 'link', 'person')),
    assurance         text        NOT NULL DEFAULT '' CHECK (assurance IN ('', 'email', 'substantial', 'high')),
    territory_code    text        NOT NULL DEFAULT '',         -- where people must live; empty: anywhere
    results           text        NOT NULL CHECK (results IN ('live', 'closed', 'never')),
    k                 integer     NOT NULL CHECK (k >= 5),     -- fewest answers that a public number may stand for
    is_listed         boolean     NOT NULL,
    needs_human_check boolean     NOT NULL,
    opens_at          timestamptz,
    closes_at         timestamptz,
    opened_at         timestamptz,
    closed_at         timestamptz,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT surveys_number CHECK (state = 'draft' OR number IS NOT NULL),
    CONSTRAINT surveys_opened CHECK ((state IN ('open', 'closed')) = (opened_at IS NOT NULL)),
    CONSTRAINT surveys_closed CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
    CONSTRAINT surveys_scheduled CHECK (state <> 'scheduled' OR opens_at IS NOT NULL)
);
CREATE INDEX surveys_office ON surveys (authority_id, updated_at DESC, id DESC);
CREATE INDEX surveys_open ON surveys (coalesce(closes_at, 'infinity'), id) WHERE state = 'open';
CREATE INDEX surveys_scheduled_at ON surveys (opens_at) WHERE state = 'scheduled';
CREATE INDEX surveys_closed_at ON surveys (closed_at DESC, id DESC) WHERE state = 'closed';

-- What a survey asks. Only the last version may change, and only until somebody has answered it.
CREATE TABLE survey_versions (
    survey_id  uuid        NOT NULL REFERENCES surveys ON DELETE CASCADE,
    version    integer     NOT NULL CHECK (version >= 1),
    definition jsonb       NOT NULL,                           -- viche-survey/1
    summary    jsonb       NOT NULL,                           -- of the definition: what lists show of it
    made_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (survey_id, version)
);

-- Answers, without what may tell who gave them. No foreign key: surveys that were open are never deleted, and every
-- insert reads its survey under a lock in the same transaction.
CREATE TABLE responses (
    survey_id      uuid        NOT NULL,
    id             uuid        NOT NULL,                       -- UUIDv7
    request_id     uuid        NOT NULL,                       -- made by the client; repeats find their answer by it
    body_hash      bytea       NOT NULL CHECK (octet_length(body_hash) = 32),   -- keyed; a repeat is held against it
    version        integer     NOT NULL,                       -- of the definition
    answers        jsonb       NOT NULL,                       -- name of the question to value
    language       text        NOT NULL,                       -- BCP 47, that the questions were shown in
    channel        text        NOT NULL CHECK (channel IN ('portal', 'embed', 'api', 'import')),
    partner_id     uuid,                                       -- in whose page; null for ours
    territory_code text        NOT NULL DEFAULT '',            -- of the person's residence; empty where none is known
    assurance      text        NOT NULL DEFAULT '',            -- how surely the person is known; empty: not signed in
    seed           bigint,                                     -- of the order in which things were shown
    accepted_at    timestamptz NOT NULL DEFAULT now(),
    source         text        NOT NULL DEFAULT '',            -- of imported ones
    given_at       timestamptz,                                -- of imported ones, where it is known
    PRIMARY KEY (survey_id, id),
    CONSTRAINT responses_imported CHECK (channel = 'import' OR (source = '' AND given_at IS NULL)),
    CONSTRAINT responses_request UNIQUE (survey_id, request_id)
);

-- Who answered: once per person, where a survey says so. Rows go with the person; their answers stay and lead to
-- nobody. `erased_by` is made of the survey and of the person's pseudonym of the scope "answers", which is told when the
-- person is erased, with a key of this service: rows of one person in two surveys have nothing in common. No times: they
-- would tell which rows of two tables belong together.
CREATE TABLE respondents (
    survey_id   uuid  NOT NULL,
    respondent  bytea NOT NULL CHECK (octet_length(respondent) = 32),   -- pseudonym of the scope "survey:UUID"
    response_id uuid  NOT NULL,
    erased_by   bytea NOT NULL CHECK (octet_length(erased_by) = 32),
    CONSTRAINT respondents_once PRIMARY KEY (survey_id, respondent)
);
CREATE INDEX respondents_erased_by ON respondents (erased_by);

-- Answers to questions that are personal, sealed: a JSON object, name of the question to value.
CREATE TABLE response_private (
    survey_id   uuid  NOT NULL,
    response_id uuid  NOT NULL,
    answers     bytea NOT NULL,
    PRIMARY KEY (survey_id, response_id)
);

-- Answers that were begun, found by a link that is made from the id with a key. Deleted when sent, or at their end.
CREATE TABLE drafts (
    id            uuid        PRIMARY KEY,
    survey_id     uuid        NOT NULL,
    version       integer     NOT NULL,
    edition       bigint      NOT NULL DEFAULT 1,              -- grows with each page that is saved
    answers       bytea       NOT NULL,                        -- sealed: all of them, personal ones too
    page          text        NOT NULL DEFAULT '',             -- that is shown next
    language      text        NOT NULL,
    seed          bigint      NOT NULL,
    partner_id    uuid,
    respondent    bytea       CHECK (octet_length(respondent) = 32),   -- as in respondents; null: not signed in
    erased_by     bytea       CHECK (octet_length(erased_by) = 32),
    invitation_id uuid,
    created_at    timestamptz NOT NULL DEFAULT now(),
    saved_at      timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL,
    CONSTRAINT drafts_person CHECK ((respondent IS NULL) = (erased_by IS NULL))
);
CREATE INDEX drafts_erased_by ON drafts (erased_by) WHERE erased_by IS NOT NULL;
CREATE INDEX drafts_survey ON drafts (survey_id);
CREATE INDEX drafts_respondent ON drafts (survey_id, respondent) WHERE respondent IS NOT NULL;
CREATE INDEX drafts_expires_at ON drafts (expires_at);

-- Links that were given out, each for one answer. No times, as in respondents.
CREATE TABLE invitations (
    id          uuid    PRIMARY KEY,
    survey_id   uuid    NOT NULL,
    secret_hash bytea   NOT NULL CONSTRAINT invitations_secret UNIQUE CHECK (octet_length(secret_hash) = 32),
    is_used     boolean NOT NULL DEFAULT false
);
CREATE INDEX invitations_survey ON invitations (survey_id, is_used);

-- Files of answers in the object store under surveys/SURVEY/FILE, noted before they are put there. Those that nobody
-- uses are marked as removed, then their objects are deleted, then the rows.
CREATE TABLE files (
    id          uuid        PRIMARY KEY,                       -- UUIDv7
    survey_id   uuid        NOT NULL,
    question    text        NOT NULL,
    file_name   bytea       NOT NULL,                          -- sealed
    media_type  text        NOT NULL,
    size_bytes  bigint      NOT NULL CHECK (size_bytes > 0),
    is_personal boolean     NOT NULL,                          -- goes with the person
    is_uploaded boolean     NOT NULL DEFAULT false,            -- the object is there, and is what was announced
    response_id uuid,                                          -- that uses it; null: none yet
    created_at  timestamptz NOT NULL DEFAULT now(),
    removed_at  timestamptz
);
CREATE INDEX files_response ON files (survey_id, response_id) WHERE response_id IS NOT NULL;
CREATE INDEX files_unused ON files (created_at) WHERE response_id IS NULL OR removed_at IS NOT NULL;

-- Answers counted, moved in the transaction that accepts them; sharded so that writers do not wait. The question ""
-- counts whole answers: its row is the day in the region's zone (YYYY-MM-DD), its code the version of the definition.
CREATE TABLE tallies (
    survey_id  uuid     NOT NULL,
    question   text     NOT NULL,
    row_code   text     NOT NULL,                              -- of a matrix; else empty
    code       text     NOT NULL,                              -- of the option; empty for the moments of a number
    partner_id uuid     NOT NULL,                              -- all zeros: ours
    shard      smallint NOT NULL,
    count      bigint   NOT NULL,
    total      numeric,                                        -- of numbers: their sum, exactly, in whatever order
    squares    numeric,                                        -- the sum of their squares
    least      numeric,
    most       numeric,
    PRIMARY KEY (survey_id, question, row_code, code, partner_id, shard)
) WITH (fillfactor = 70);

-- Places of quotas. One that is reserved is taken, until it is confirmed or runs out. `most` is never less than what is
-- taken, also when the limit is lowered later.
CREATE TABLE quotas (
    survey_id uuid   NOT NULL,
    quota     text   NOT NULL,
    most      bigint NOT NULL,
    taken     bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (survey_id, quota),
    CONSTRAINT quotas_full CHECK (taken BETWEEN 0 AND most)
);

CREATE TABLE quota_reservations (
    survey_id  uuid        NOT NULL,
    quota      text        NOT NULL,
    holder     uuid        NOT NULL,                           -- a draft
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (survey_id, quota, holder)
);
CREATE INDEX quota_reservations_expires_at ON quota_reservations (expires_at);

-- Numbers that everybody sees: made anew only when k more answers have come, so that nobody can tell from two of them
-- what a single one was.
CREATE TABLE publications (
    survey_id  uuid        NOT NULL,
    partner_id uuid        NOT NULL,                           -- all zeros: of all answers together
    responses  bigint      NOT NULL CHECK (responses >= 0),    -- that it stands for
    body       jsonb       NOT NULL,
    made_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (survey_id, partner_id)
);

-- An answer never changes; whoever needs to is an intruder.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % never change', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER responses_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON responses
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER respondents_immutable BEFORE UPDATE ON respondents
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
