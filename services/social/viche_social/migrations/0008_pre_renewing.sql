-- When the tokens of a consent are renewed, and what connectors keep between calls.

-- `renew_at` is empty where nothing can be renewed. Tokens that are there already are looked at once: when they end is
-- written inside, where only the service reads it.
ALTER TABLE channel_secrets
    ADD COLUMN renew_at      timestamptz,
    ADD COLUMN claimed_until timestamptz,                      -- somebody renews it just now
    ADD COLUMN failures      integer NOT NULL DEFAULT 0,       -- in a row
    ADD COLUMN refused_at    timestamptz;                      -- the platform renews it no more
UPDATE channel_secrets SET renew_at = clock_timestamp();
CREATE INDEX channel_secrets_to_renew ON channel_secrets (renew_at) WHERE renew_at IS NOT NULL;

-- What a connector finds again at its next call, sealed; it goes with the secrets that it was made from.
CREATE TABLE channel_sessions (
    channel_id uuid PRIMARY KEY REFERENCES channel_secrets ON DELETE CASCADE,
    sealed     bytea NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
