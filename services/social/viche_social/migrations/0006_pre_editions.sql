-- Editions of posts that are out, and how posts do: figures over time, counts of their polls.

-- What a post said and says once it is out: number 1 is what went out first, and is written down when a second one
-- takes its place. What an edition that is out says is never changed.
CREATE TABLE editions (
    id               uuid PRIMARY KEY,                         -- UUIDv7
    post_id          uuid NOT NULL REFERENCES posts,
    number           integer,                                  -- null while it is not out
    state            text NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'out', 'dropped')),
    content          jsonb NOT NULL,
    what             text NOT NULL DEFAULT '',                 -- was corrected; empty for the first
    version          integer NOT NULL DEFAULT 1,
    written_by       bytea,
    approved_by      bytea,
    returned_because text NOT NULL DEFAULT '',
    created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    out_at           timestamptz,
    CONSTRAINT editions_numbered CHECK ((state = 'out') = (number IS NOT NULL))
);
CREATE UNIQUE INDEX editions_number ON editions (post_id, number) WHERE state = 'out';
-- one is written at a time
CREATE UNIQUE INDEX editions_open ON editions (post_id) WHERE state IN ('draft', 'submitted', 'returned');

ALTER TABLE posts ADD COLUMN edition integer NOT NULL DEFAULT 1;

-- the edition that stands there, or that is being sent
ALTER TABLE deliveries ADD COLUMN edition integer NOT NULL DEFAULT 1;
ALTER TABLE deliveries DROP CONSTRAINT deliveries_task_check;
ALTER TABLE deliveries ADD CONSTRAINT deliveries_task_check
    CHECK (task IN ('publish', 'check', 'finalize', 'find', 'edit', 'delete'));

-- When a platform is asked next about a post that is there: for its figures, or for the counts of its poll.
CREATE TABLE askings (
    delivery_id   uuid NOT NULL REFERENCES deliveries,
    what          text NOT NULL CHECK (what IN ('figures', 'poll')),
    next_at       timestamptz,                                 -- null: not any more
    claimed_until timestamptz,
    failures      integer NOT NULL DEFAULT 0,                  -- in a row
    fault         text NOT NULL DEFAULT '',
    answered_at   timestamptz,
    PRIMARY KEY (delivery_id, what)
);
CREATE INDEX askings_due ON askings (next_at) WHERE next_at IS NOT NULL;

-- Figures of a post at one channel, as the platform gave them.
CREATE TABLE post_figures (
    delivery_id uuid NOT NULL REFERENCES deliveries,
    metric      text NOT NULL,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    value       bigint NOT NULL CHECK (value >= 0),
    PRIMARY KEY (delivery_id, metric, at)
);

-- Figures that a platform does not give, and since when; gone as soon as it does again.
CREATE TABLE post_figure_gaps (
    delivery_id uuid NOT NULL REFERENCES deliveries,
    metric      text NOT NULL,
    since       timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason      text NOT NULL DEFAULT '',
    PRIMARY KEY (delivery_id, metric)
);

-- Counts of a platform's own poll, the latest.
CREATE TABLE poll_counts (
    delivery_id uuid PRIMARY KEY REFERENCES deliveries,
    options     jsonb NOT NULL,                                -- [{"text": …, "votes": …}] in the platform's order
    voters      bigint,                                        -- null where the platform does not say
    is_closed   boolean NOT NULL,
    counted_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
