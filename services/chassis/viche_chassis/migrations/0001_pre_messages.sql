-- Events that were committed with their cause and wait to be published.
CREATE TABLE outbox (
    id           uuid        PRIMARY KEY,
    type         text        NOT NULL,              -- full name of the message
    payload      bytea       NOT NULL,
    traceparent  text        NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    stream_seq   bigint                              -- where JetStream put it; tells whether the stream went backwards
);
CREATE INDEX outbox_waiting ON outbox (created_at, id) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;
CREATE INDEX outbox_stream_seq ON outbox (stream_seq) WHERE stream_seq IS NOT NULL;

-- Which stream the sequence numbers of the outbox belong to: a stream that was made anew starts at one again.
CREATE TABLE outbox_streams (
    name       text PRIMARY KEY,
    created_at text NOT NULL
);

-- Events of others that have had their effect.
CREATE TABLE inbox (
    consumer   text        NOT NULL,
    event_id   uuid        NOT NULL,
    seen_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, event_id)
);
CREATE INDEX inbox_seen_at ON inbox (seen_at);

-- Events that could not be handled after several tries.
CREATE TABLE dead_letters (
    consumer   text        NOT NULL,
    event_id   uuid        NOT NULL,
    subject    text        NOT NULL,
    payload    bytea       NOT NULL,
    error      text        NOT NULL,
    attempts   integer     NOT NULL,
    died_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, event_id)
);

-- Writes by their caller's request id: the same request gets the same answer.
CREATE TABLE requests (
    caller     text        NOT NULL,
    request_id uuid        NOT NULL,
    body_hash  bytea       NOT NULL,
    response   bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (caller, request_id)
);
CREATE INDEX requests_created_at ON requests (created_at);

-- Counters of rate rules, one for each thing that is counted by.
CREATE TABLE rate_uses (
    rule       text        NOT NULL,
    key        bytea       NOT NULL,               -- keyed hash of a mailbox, a network …
    uses       integer     NOT NULL,
    ends_at    timestamptz NOT NULL,               -- of the window; the next use after it begins another
    PRIMARY KEY (rule, key)
);
CREATE INDEX rate_uses_ends_at ON rate_uses (ends_at);
