-- Petitions from draft to archive. A text never changes once the petition is open: signatures belong to it.
CREATE TABLE petitions (
    id             uuid        PRIMARY KEY,                 -- UUIDv7
    number         bigint      UNIQUE CHECK (number > 0),   -- public; null until the petition opens
    state          text        NOT NULL CHECK (state IN ('draft', 'submitted', 'open', 'threshold_reached', 'closed')),
    title          text        NOT NULL,
    background     text        NOT NULL DEFAULT '',
    details        text        NOT NULL DEFAULT '',
    language       text        NOT NULL,                    -- BCP 47, of the texts
    authority_id   uuid,                                    -- null for archived ones
    author         bytea,                                   -- pseudonym of the scope "authors"; null for archived ones
    author_name    text        NOT NULL DEFAULT '',
    workflow       text        NOT NULL DEFAULT '',
    terms          jsonb,                                   -- fixed at opening
    version        integer     NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL DEFAULT now(),
    submitted_at   timestamptz,
    opened_at      timestamptz,
    closes_at      timestamptz,
    closed_at      timestamptz,
    updated_at     timestamptz NOT NULL DEFAULT now(),
    searchable     tsvector    NOT NULL,                    -- word forms and lemmas, made by us
    is_archived    boolean     NOT NULL DEFAULT false,
    source_url     text        UNIQUE,
    source_state   text        NOT NULL DEFAULT '',
    stated_count   bigint      CHECK (stated_count >= 0),
    CHECK (is_archived = (source_url IS NOT NULL)),
    CHECK (is_archived = (stated_count IS NOT NULL)),
    CHECK (is_archived OR (authority_id IS NOT NULL AND author IS NOT NULL)),
    CHECK (is_archived OR (state IN ('draft', 'submitted')) = (number IS NULL)),
    CHECK (is_archived OR (number IS NULL) = (terms IS NULL)),
    CHECK ((number IS NULL) = (opened_at IS NULL))
);
CREATE INDEX petitions_recent ON petitions (opened_at DESC, id DESC) WHERE number IS NOT NULL;
CREATE INDEX petitions_authority ON petitions (authority_id, opened_at DESC) WHERE number IS NOT NULL;
CREATE INDEX petitions_submitted ON petitions (submitted_at, id) WHERE state = 'submitted';
CREATE INDEX petitions_author ON petitions (author, updated_at DESC) WHERE author IS NOT NULL;
CREATE INDEX petitions_collecting ON petitions (closes_at)
    WHERE state IN ('open', 'threshold_reached') AND NOT is_archived;
CREATE INDEX petitions_searchable ON petitions USING gin (searchable);

-- Figures that authorities set for a workflow.
CREATE TABLE workflow_settings (
    authority_id uuid        NOT NULL,
    workflow     text        NOT NULL,
    settings     jsonb       NOT NULL,
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (authority_id, workflow)
);

-- What was signed. No foreign key: petitions that opened are never deleted, and every insert reads its petition under
-- a lock in the same transaction.
CREATE TABLE signatures (
    id             uuid        PRIMARY KEY,       -- UUIDv7
    petition_id    uuid        NOT NULL,
    channel        text        NOT NULL CHECK (channel IN ('person', 'email')),
    territory_code text        NOT NULL,          -- innermost of the residence; empty where none was given
    assurance      text        NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now()
);

-- The states of signatures, each a row; the one with the highest step holds. A signature by e-mail has its step 0
-- (pending) before it is one.
CREATE TABLE signature_transitions (
    signature_id uuid        NOT NULL,
    step         smallint    NOT NULL CHECK (step >= 0),
    state        text        NOT NULL CHECK (state IN ('pending', 'validated', 'expired')),
    at           timestamptz NOT NULL DEFAULT now(),
    reason       text        NOT NULL DEFAULT '',
    PRIMARY KEY (signature_id, step)
);

-- Who signed: once per person. Petition and signer are the whole body of a request to sign, so this row is the
-- remembered request too, and a request id that comes back is held against it.
CREATE TABLE signers (
    petition_id  uuid  NOT NULL,
    signer       bytea NOT NULL CHECK (octet_length(signer) = 32),   -- pseudonym of the scope "petition:UUID"
    signature_id uuid  NOT NULL,
    request_id   uuid  CONSTRAINT signers_request UNIQUE,            -- null for signatures by e-mail
    CONSTRAINT signers_once PRIMARY KEY (petition_id, signer)
);

-- The mailbox rule: slots from 0 to signatures_per_mailbox - 1, taken by pending and validated signatures alike.
CREATE TABLE mailboxes (
    petition_id   uuid     NOT NULL,
    mailbox_index bytea    NOT NULL,              -- keyed hash, a key per petition
    slot          smallint NOT NULL CHECK (slot >= 0),
    signature_id  uuid     NOT NULL UNIQUE,
    CONSTRAINT mailboxes_rule PRIMARY KEY (petition_id, mailbox_index, slot)
);

-- Links in confirmation mails. Their tokens are made from the id with a key, so none is stored; nothing personal is
-- here, so that a used link is known for a while.
CREATE TABLE email_links (
    signature_id uuid        PRIMARY KEY,
    petition_id  uuid        NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL
);
CREATE INDEX email_links_expires_at ON email_links (expires_at);

-- Personal data of those who have not confirmed yet; deleted at confirmation or expiry.
CREATE TABLE pending_contacts (
    signature_id uuid        PRIMARY KEY,
    contact      bytea       NOT NULL,            -- sealed: e-mail, name, residence, language
    expires_at   timestamptz NOT NULL
);
CREATE INDEX pending_contacts_expires_at ON pending_contacts (expires_at);

-- Validated signatures, moved in the transaction that accepts them; sharded so that writers do not wait.
CREATE TABLE tallies (
    petition_id    uuid     NOT NULL,
    territory_code text     NOT NULL,
    shard          smallint NOT NULL,
    count          bigint   NOT NULL,
    PRIMARY KEY (petition_id, territory_code, shard)
) WITH (fillfactor = 70);

CREATE TABLE count_minutes (
    petition_id uuid        NOT NULL,
    minute      timestamptz NOT NULL,
    shard       smallint    NOT NULL,
    count       bigint      NOT NULL,
    PRIMARY KEY (petition_id, minute, shard)
) WITH (fillfactor = 70);

-- For sorting lists alone: the published count as the watcher saw it last.
CREATE TABLE listed_counts (
    petition_id uuid        PRIMARY KEY,
    count       bigint      NOT NULL,
    changed_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX listed_counts_count ON listed_counts (count DESC, petition_id DESC);

CREATE TABLE thresholds_reached (
    petition_id uuid        NOT NULL,
    threshold   text        NOT NULL,
    signatures  bigint      NOT NULL,
    reached_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (petition_id, threshold)
);

-- A signature and its history never change; whoever needs to is an intruder.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % never change', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER signatures_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON signatures
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signature_transitions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON signature_transitions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signers_immutable BEFORE UPDATE ON signers
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
