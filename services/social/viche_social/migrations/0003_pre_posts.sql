-- Channels (accounts that are connected), posts, and what became of each post at each channel.

CREATE TABLE channels (
    id              uuid PRIMARY KEY,                          -- UUIDv7
    authority_id    uuid NOT NULL,
    connector       text NOT NULL,
    platform        text NOT NULL,
    platform_id     text NOT NULL,                             -- the platform's own id of the account
    server          text NOT NULL DEFAULT '',                  -- where the id holds, on platforms of many servers
    handle          text NOT NULL DEFAULT '',
    title           text NOT NULL DEFAULT '',
    url             text NOT NULL DEFAULT '',
    language        text NOT NULL,
    state           text NOT NULL CHECK (state IN ('good', 'paused', 'expired', 'limited', 'unreachable', 'disconnected')),
    fault           text NOT NULL DEFAULT '',
    granted         text[] NOT NULL DEFAULT '{}',
    own_values      jsonb NOT NULL DEFAULT '{}',               -- fields that are not secret
    limits          jsonb,                                     -- where they differ from the connector's
    asked_at        timestamptz NOT NULL,
    worked_at       timestamptz,
    ask_at          timestamptz NOT NULL,                      -- when it is asked next how it is
    not_before      timestamptz,                               -- the platform wants quiet until then
    expires_at      timestamptz,
    connected_at    timestamptz NOT NULL,
    disconnected_at timestamptz,
    CONSTRAINT channels_ended CHECK ((state = 'disconnected') = (disconnected_at IS NOT NULL))
);
-- one account of a platform speaks for one authority
CREATE UNIQUE INDEX channels_account ON channels (connector, platform_id, server) WHERE disconnected_at IS NULL;
CREATE INDEX channels_authority ON channels (authority_id);
CREATE INDEX channels_ask ON channels (ask_at) WHERE disconnected_at IS NULL;

-- Secrets of a channel: sealed for this place, gone when the channel is disconnected.
CREATE TABLE channel_secrets (
    channel_id uuid PRIMARY KEY REFERENCES channels,
    sealed     bytea NOT NULL,
    changed_at timestamptz NOT NULL
);

-- Rounds of consent that are under way.
CREATE TABLE consents (
    state_hash   bytea PRIMARY KEY,
    person       bytea NOT NULL,                               -- who began it, pseudonym of the scope "authors"
    authority_id uuid NOT NULL,
    channel_id   uuid REFERENCES channels,                     -- to renew; null for a new one
    connector    text NOT NULL,
    own_values   jsonb NOT NULL DEFAULT '{}',
    language     text NOT NULL DEFAULT '',
    verifier     bytea NOT NULL,                               -- of PKCE (RFC 7636), sealed
    expires_at   timestamptz NOT NULL
);

-- When the next call may be made under a rate; a row per rate and whose calls count together (GCRA).
CREATE TABLE permits (
    key     text PRIMARY KEY,
    next_at timestamptz NOT NULL
);

-- What an application as a whole must wait for.
CREATE TABLE connector_holds (
    connector  text PRIMARY KEY,
    not_before timestamptz NOT NULL
);

CREATE TABLE media (
    id           uuid PRIMARY KEY,                             -- UUIDv7; the object is media/ID
    authority_id uuid NOT NULL,
    title        text NOT NULL DEFAULT '',
    kind         text NOT NULL CHECK (kind IN ('image', 'video')),
    type         text NOT NULL,
    size_bytes   bigint NOT NULL,
    width        integer NOT NULL,
    height       integer NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE SEQUENCE post_numbers;

CREATE TABLE posts (
    id                uuid PRIMARY KEY,                        -- UUIDv7
    number            bigint NOT NULL UNIQUE DEFAULT nextval('post_numbers'),
    authority_id      uuid NOT NULL,
    content           jsonb NOT NULL,
    state             text NOT NULL DEFAULT 'draft'
                      CHECK (state IN ('draft', 'submitted', 'returned', 'scheduled', 'out', 'withdrawn')),
    version           integer NOT NULL DEFAULT 1,
    publish_at        timestamptz,
    corrects_id       uuid REFERENCES posts,
    written_by        bytea,                                   -- null: the command line
    approved_by       bytea,
    returned_because  text NOT NULL DEFAULT '',
    withdrawn_because text NOT NULL DEFAULT '',
    created_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    out_at            timestamptz
);
ALTER SEQUENCE post_numbers OWNED BY posts.number;
CREATE INDEX posts_authority ON posts (authority_id, changed_at DESC);
CREATE INDEX posts_scheduled ON posts (publish_at) WHERE state = 'scheduled';
CREATE INDEX posts_out ON posts (out_at DESC) WHERE out_at IS NOT NULL;

-- What each version said, who wrote it, and what was done with it; never changed.
CREATE TABLE post_history (
    post_id uuid NOT NULL REFERENCES posts ON DELETE CASCADE,
    at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    version integer NOT NULL,
    what    text NOT NULL,
    person  bytea,
    content jsonb,
    PRIMARY KEY (post_id, at)
);

-- One row for each post and channel; its id is the key under which the post is sent.
-- What is to be done next stands in task: the row is claimed before the call, and what is found claimed after the
-- claim has ended was perhaps done.
CREATE TABLE deliveries (
    id            uuid PRIMARY KEY,                            -- UUIDv7
    post_id       uuid NOT NULL REFERENCES posts,
    channel_id    uuid NOT NULL REFERENCES channels,
    connector     text NOT NULL,
    language      text NOT NULL,
    body          text NOT NULL,
    state         text NOT NULL CHECK (state IN ('waiting', 'sending', 'pending', 'published', 'refused', 'blocked',
                                                 'unknown', 'by_hand', 'cancelled', 'withdrawn')),
    task          text CHECK (task IN ('publish', 'check', 'finalize', 'find', 'delete')),
    next_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    claimed_until timestamptz,
    tries         integer NOT NULL DEFAULT 0,                  -- in all
    task_tries    integer NOT NULL DEFAULT 0,                  -- of this task
    token         text NOT NULL DEFAULT '',
    ref           text NOT NULL DEFAULT '',
    url           text NOT NULL DEFAULT '',
    error         text NOT NULL DEFAULT '',
    detail        text NOT NULL DEFAULT '',
    doubted_at    timestamptz,                                 -- since then it may be there although nobody said so
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    published_at  timestamptz
);
-- a post goes to a channel once; one that was taken back before it was sent may go again
CREATE UNIQUE INDEX deliveries_once ON deliveries (post_id, channel_id) WHERE state <> 'cancelled';
CREATE INDEX deliveries_due ON deliveries (connector, next_at) WHERE task IS NOT NULL;
CREATE INDEX deliveries_channel ON deliveries (channel_id);
