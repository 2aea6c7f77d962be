-- Votes against, where the rules of a petition have them. They lie apart from signatures, so that no count of
-- signatures can ever take one for a signature; `signers` holds both, so that a person has one voice in all.
CREATE TABLE votes_against (
    id             uuid        PRIMARY KEY,
    petition_id    uuid        NOT NULL,
    channel        text        NOT NULL CONSTRAINT votes_against_channel CHECK (channel IN ('person', 'email')),
    territory_code text        NOT NULL,
    assurance      text        NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX votes_against_created_at ON votes_against USING brin (created_at)
    WITH (pages_per_range = 32, autosummarize = on);
CREATE TRIGGER votes_against_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON votes_against
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE tallies_against (
    petition_id    uuid     NOT NULL,
    territory_code text     NOT NULL,
    channel        text     NOT NULL,
    shard          smallint NOT NULL,
    count          bigint   NOT NULL,
    PRIMARY KEY (petition_id, territory_code, channel, shard)
) WITH (fillfactor = 70);
CREATE TABLE count_minutes_against (
    petition_id uuid        NOT NULL,
    minute      timestamptz NOT NULL,
    shard       smallint    NOT NULL,
    count       bigint      NOT NULL,
    PRIMARY KEY (petition_id, minute, shard)
) WITH (fillfactor = 70);

ALTER TABLE pending_contacts ADD COLUMN is_against boolean NOT NULL DEFAULT false;
ALTER TABLE recounts ADD COLUMN is_against boolean NOT NULL DEFAULT false;
