-- Files with all answers of a survey. Rows are the queue of their making: a worker claims one, says again and again
-- that it still works on it, and has to stop when the claim is another's. Objects lie under surveys/exports/EXPORT.
CREATE TABLE exports (
    id            uuid        PRIMARY KEY,                     -- UUIDv7
    survey_id     uuid        NOT NULL,
    format        text        NOT NULL CHECK (format IN ('csv', 'xlsx', 'sav', 'parquet', 'json')),
    language      text        NOT NULL,                        -- of labels; empty: the survey's first
    with_personal boolean     NOT NULL,
    file_name     text        NOT NULL,
    state         text        NOT NULL DEFAULT 'queued'
                  CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled', 'expired')),
    attempts      integer     NOT NULL DEFAULT 0,
    claim         uuid,                                        -- of the worker that makes it
    claimed_until timestamptz,                                 -- of one that waits: not before then
    written       bigint      NOT NULL DEFAULT 0,
    total         bigint      NOT NULL DEFAULT 0,
    size_bytes    bigint      NOT NULL DEFAULT 0,
    reason        text        NOT NULL DEFAULT '',
    created_at    timestamptz NOT NULL DEFAULT now(),
    ended_at      timestamptz,                                 -- done, failed, cancelled, or expired
    expires_at    timestamptz,                                 -- of one that is done
    removed_at    timestamptz,                                 -- its objects are gone for good
    CONSTRAINT exports_claim CHECK (state <> 'running' OR (claim IS NOT NULL AND claimed_until IS NOT NULL)),
    CONSTRAINT exports_ended CHECK ((state IN ('queued', 'running')) = (ended_at IS NULL)),
    CONSTRAINT exports_expires CHECK (state <> 'done' OR expires_at IS NOT NULL)
);
CREATE INDEX exports_survey ON exports (survey_id, created_at DESC, id DESC);
CREATE INDEX exports_waiting ON exports (created_at, id) WHERE state IN ('queued', 'running');
CREATE INDEX exports_expires_at ON exports (expires_at) WHERE state = 'done';
CREATE INDEX exports_ended_at ON exports (ended_at) WHERE removed_at IS NULL AND state IN ('failed', 'cancelled', 'expired');
