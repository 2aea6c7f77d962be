-- The inbox: what people write to channels, and what is answered. What somebody wrote, and who it was, lies sealed in
-- item_contents alone; words for search are kept as keyed hashes. Whoever is forgotten loses both.

-- How far each channel has been read. The row is claimed before the call; the cursor moves with the page that it
-- follows from, in one transaction.
CREATE TABLE inboxes (
    channel_id    uuid PRIMARY KEY REFERENCES channels,
    cursor        text NOT NULL DEFAULT '',
    next_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    claimed_until timestamptz,
    failures      integer NOT NULL DEFAULT 0,                  -- in a row
    fault         text NOT NULL DEFAULT '',
    read_at       timestamptz
);
CREATE INDEX inboxes_due ON inboxes (next_at);

-- What platforms have sent by themselves: what comes again is dropped.
CREATE TABLE hooks_seen (
    channel_id uuid NOT NULL REFERENCES channels,
    digest     bytea NOT NULL,                                 -- SHA-256 of the body
    seen_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (channel_id, digest)
);
CREATE INDEX hooks_seen_at ON hooks_seen (seen_at);

-- Within which time an authority means to answer; without a row the usual one.
CREATE TABLE answer_targets (
    authority_id uuid PRIMARY KEY,
    target       interval NOT NULL CHECK (target >= interval '1 hour')
);

CREATE SEQUENCE thread_numbers;

-- A conversation: messages with one person, or a comment or mention with what answers it.
CREATE TABLE threads (
    id              uuid PRIMARY KEY,                          -- UUIDv7
    number          bigint NOT NULL UNIQUE DEFAULT nextval('thread_numbers'),
    channel_id      uuid NOT NULL REFERENCES channels,
    authority_id    uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('comment', 'mention', 'message')),
    platform_thread text NOT NULL,                             -- what the platform groups by
    post_id         uuid REFERENCES posts,                     -- the own post under which it stands
    state           text NOT NULL CHECK (state IN ('waiting', 'answered', 'closed')),
    closed_because  text NOT NULL DEFAULT ''
                    CHECK (closed_because IN ('', 'answered_elsewhere', 'no_question', 'spam', 'left', 'deleted', 'before')),
    first_item      uuid NOT NULL,                             -- of people
    last_item       uuid NOT NULL,                             -- of people
    items           integer NOT NULL DEFAULT 0,
    last_at         timestamptz NOT NULL,
    waiting_since   timestamptz,
    due_at          timestamptz,
    assignee        bytea,                                     -- pseudonym of the scope "authors"
    language        text NOT NULL DEFAULT '',
    topic           text NOT NULL DEFAULT '',
    tone            text NOT NULL DEFAULT '' CHECK (tone IN ('', 'friendly', 'neutral', 'angry')),
    proposed        text[] NOT NULL DEFAULT '{}',              -- of these three, what no officer has looked at
    CONSTRAINT threads_waiting CHECK ((state = 'waiting') = (waiting_since IS NOT NULL AND due_at IS NOT NULL)),
    CONSTRAINT threads_closed CHECK ((state = 'closed') = (closed_because <> ''))
);
ALTER SEQUENCE thread_numbers OWNED BY threads.number;
CREATE UNIQUE INDEX threads_message ON threads (channel_id, platform_thread) WHERE kind = 'message';
CREATE INDEX threads_waiting ON threads (authority_id, due_at) WHERE state = 'waiting';
CREATE INDEX threads_last ON threads (authority_id, last_at DESC);

-- One thing that somebody wrote; what it said lies in item_contents, the newest version last.
CREATE TABLE items (
    id          uuid PRIMARY KEY,                              -- UUIDv7
    thread_id   uuid NOT NULL REFERENCES threads,
    channel_id  uuid NOT NULL REFERENCES channels,
    platform_id text NOT NULL,                                 -- of a forgotten one: its keyed hash
    kind        text NOT NULL CHECK (kind IN ('comment', 'mention', 'message')),
    on_ref      text NOT NULL DEFAULT '',
    answers     text NOT NULL DEFAULT '',
    author_key  bytea,                                         -- keyed hash within the channel; null when forgotten
    digest      bytea NOT NULL,                                -- keyed hash of the newest version
    searchable  tsvector NOT NULL DEFAULT '',                  -- keyed hashes of words and lemmas
    version     integer NOT NULL DEFAULT 1,
    is_own      boolean NOT NULL,
    is_hidden   boolean NOT NULL DEFAULT false,
    written_at  timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    deleted_at  timestamptz,
    erased_at   timestamptz,
    UNIQUE (channel_id, platform_id)
);
CREATE INDEX items_thread ON items (thread_id, written_at);
CREATE INDEX items_author ON items (channel_id, author_key);
CREATE INDEX items_searchable ON items USING gin (searchable);

CREATE TABLE item_contents (
    item_id uuid NOT NULL REFERENCES items,
    version integer NOT NULL,
    sealed  bytea NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (item_id, version)
);

-- When people waited for an answer, and until when: what response times are made of. At most one is open per thread.
CREATE TABLE questions (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    thread_id    uuid NOT NULL REFERENCES threads,
    authority_id uuid NOT NULL,
    asked_at     timestamptz NOT NULL,
    answered_at  timestamptz,
    left_because text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX questions_open ON questions (thread_id) WHERE answered_at IS NULL AND left_because = '';
CREATE INDEX questions_asked ON questions (asked_at);

-- Answers; the id is the key under which one is sent. Claimed and moved as deliveries are.
CREATE TABLE replies (
    id            uuid PRIMARY KEY,                            -- UUIDv7
    thread_id     uuid NOT NULL REFERENCES threads,
    item_id       uuid NOT NULL REFERENCES items,
    channel_id    uuid NOT NULL REFERENCES channels,
    connector     text NOT NULL,
    body          text NOT NULL,
    written_by    bytea,
    state         text NOT NULL CHECK (state IN ('waiting', 'sending', 'published', 'refused', 'blocked', 'unknown',
                                                 'cancelled')),
    task          text CHECK (task = 'publish'),
    next_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    claimed_until timestamptz,
    tries         integer NOT NULL DEFAULT 0,
    ref           text NOT NULL DEFAULT '',
    url           text NOT NULL DEFAULT '',
    error         text NOT NULL DEFAULT '',
    detail        text NOT NULL DEFAULT '',
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    published_at  timestamptz
);
CREATE INDEX replies_thread ON replies (thread_id);
CREATE INDEX replies_due ON replies (next_at) WHERE task IS NOT NULL;
CREATE INDEX replies_ref ON replies (channel_id, ref) WHERE ref <> '';

-- What was done with a thread; never changed. Notes are sealed.
CREATE TABLE thread_events (
    id        uuid PRIMARY KEY,                                -- UUIDv7
    thread_id uuid NOT NULL REFERENCES threads,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    what      text NOT NULL,
    person    bytea,
    detail    text NOT NULL DEFAULT '',
    note      bytea
);
CREATE INDEX thread_events_thread ON thread_events (thread_id, id);

-- What officers said of threads, and what had been proposed: to learn from, inside the instance.
CREATE TABLE labels (
    id        uuid PRIMARY KEY,                                -- UUIDv7
    thread_id uuid NOT NULL REFERENCES threads,
    kind      text NOT NULL CHECK (kind IN ('language', 'topic', 'tone')),
    proposed  text NOT NULL,
    said      text NOT NULL,
    person    bytea,
    at        timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE canned_replies (
    id           uuid PRIMARY KEY,                             -- UUIDv7
    authority_id uuid NOT NULL,
    language     text NOT NULL,
    title        text NOT NULL CHECK (title <> ''),
    body         text NOT NULL CHECK (body <> ''),
    changed_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX canned_replies_authority ON canned_replies (authority_id, language, title);
