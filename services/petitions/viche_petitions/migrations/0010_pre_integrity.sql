-- The integrity of counts: channels, paper, traces of bots, invalidation, reversed thresholds, recounts.

-- Counts by channel. Tallies are made anew from the signatures and the last state of each, so that they begin true.
ALTER TABLE tallies ADD COLUMN channel text;
TRUNCATE tallies;
ALTER TABLE tallies ALTER COLUMN channel SET NOT NULL, DROP CONSTRAINT tallies_pkey;
ALTER TABLE tallies ADD PRIMARY KEY (petition_id, territory_code, channel, shard);
INSERT INTO tallies (petition_id, territory_code, channel, shard, count)
SELECT s.petition_id, s.territory_code, s.channel, 0, count(*)
FROM signatures s JOIN signature_transitions t ON t.signature_id = s.id
WHERE t.state = 'validated' AND NOT EXISTS
    (SELECT 1 FROM signature_transitions later WHERE later.signature_id = t.signature_id AND later.step > t.step)
GROUP BY 1, 2, 3;

ALTER TABLE signatures
    ADD COLUMN paper_batch_id uuid,
    DROP CONSTRAINT signatures_channel_check,
    ADD CONSTRAINT signatures_channel CHECK (channel IN ('person', 'email', 'paper')),
    ADD CONSTRAINT signatures_on_paper CHECK ((channel = 'paper') = (paper_batch_id IS NOT NULL));
CREATE INDEX signatures_petition ON signatures (petition_id, created_at);
CREATE INDEX signatures_paper ON signatures (paper_batch_id) WHERE paper_batch_id IS NOT NULL;

-- 'fraudulent' is 'invalidated' without the signer being told.
ALTER TABLE signature_transitions
    DROP CONSTRAINT signature_transitions_state_check,
    ADD CONSTRAINT signature_transitions_state
        CHECK (state IN ('pending', 'validated', 'expired', 'invalidated', 'fraudulent'));

-- Sheets that were handed in, as an officer entered them. Rows never change; what is taken back is invalidated.
CREATE TABLE paper_batches (
    id             uuid        PRIMARY KEY,
    petition_id    uuid        NOT NULL,
    reference      text        NOT NULL,          -- register number of the sheets
    signatures     integer     NOT NULL CHECK (signatures BETWEEN 1 AND 10000),
    territory_code text        NOT NULL,
    received_on    date        NOT NULL,
    note           text        NOT NULL DEFAULT '',
    officer        bytea       NOT NULL,          -- pseudonym of the scope "authors"
    created_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT paper_batches_reference UNIQUE (petition_id, reference)
);
CREATE TRIGGER paper_batches_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON paper_batches
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Where signatures came from, for finding bots; deleted after some weeks. It has no key and no index by petition,
-- because every signature would pay for it.
CREATE TABLE signature_traces (
    signature_id uuid        NOT NULL,
    petition_id  uuid        NOT NULL,
    network      text        NOT NULL,            -- IPv4 /24 or IPv6 /48
    mail_domain  text        NOT NULL DEFAULT '', -- of signatures by e-mail
    at           timestamptz NOT NULL
);
CREATE INDEX signature_traces_at ON signature_traces USING brin (at) WITH (pages_per_range = 16, autosummarize = on);

-- Decisions to take signatures out of the count, or (undoes) to put them back. Rows never change.
CREATE TABLE invalidations (
    id          uuid        PRIMARY KEY,
    petition_id uuid        NOT NULL,
    kind        text        NOT NULL CHECK (kind IN ('invalidated', 'fraudulent')),
    reason      text        NOT NULL,
    note        jsonb       NOT NULL,             -- public, by language
    filter      jsonb       NOT NULL,
    cutoff_at   timestamptz NOT NULL,             -- signatures that were counted later are not meant
    signatures  bigint      NOT NULL CHECK (signatures > 0),
    undoes      uuid        REFERENCES invalidations (id),
    officer     bytea       NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT invalidations_undone_once UNIQUE (undoes)
);
CREATE INDEX invalidations_petition ON invalidations (petition_id, created_at, id);
CREATE TRIGGER invalidations_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON invalidations
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The signatures that a decision means, in the order in which they are worked off.
CREATE TABLE invalidation_items (
    invalidation_id uuid    NOT NULL,
    place           integer NOT NULL,
    signature_id    uuid    NOT NULL,
    PRIMARY KEY (invalidation_id, place)
);

-- How far each decision is carried out.
CREATE TABLE invalidation_progress (
    invalidation_id uuid        PRIMARY KEY REFERENCES invalidations (id),
    state           text        NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'cancelled', 'done')),
    place           integer     NOT NULL DEFAULT 0,  -- of the last item that was worked off
    moved           bigint      NOT NULL DEFAULT 0,  -- signatures that changed their state by it
    updated_at      timestamptz NOT NULL DEFAULT now(),
    ended_at        timestamptz
) WITH (fillfactor = 70);
CREATE INDEX invalidation_progress_running ON invalidation_progress (updated_at) WHERE state = 'running';

-- Thresholds that the count fell under again, with what is taken back. Rows never change.
CREATE TABLE threshold_reversals (
    id          uuid        PRIMARY KEY,
    petition_id uuid        NOT NULL,
    threshold   text        NOT NULL,
    reached_at  timestamptz NOT NULL,
    signatures  bigint      NOT NULL,             -- that were left
    body        jsonb       NOT NULL,             -- deadlines that it had started
    reversed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX threshold_reversals_petition ON threshold_reversals (petition_id, reversed_at, id);
CREATE TRIGGER threshold_reversals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON threshold_reversals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What counting the signatures one by one has shown. Rows never change.
CREATE TABLE recounts (
    id          uuid        PRIMARY KEY,
    petition_id uuid        NOT NULL,
    counted     bigint      NOT NULL,
    published   bigint      NOT NULL,
    minutes     bigint      NOT NULL,             -- the end of the history
    corrections jsonb       NOT NULL,             -- by territory and channel: what was added to the tally
    is_mended   boolean     NOT NULL,
    at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX recounts_petition ON recounts (petition_id, at DESC);
CREATE INDEX recounts_at ON recounts (at DESC, id DESC);
CREATE TRIGGER recounts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON recounts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Nights whose recount is done, by the day on which it was due.
CREATE TABLE recount_nights (
    day     date        PRIMARY KEY,
    done_at timestamptz NOT NULL DEFAULT now()
);
