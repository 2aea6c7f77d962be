-- What counting the answers to a survey one by one has shown. Rows never change.
CREATE TABLE recounts (
    id          uuid        PRIMARY KEY,
    survey_id   uuid        NOT NULL,
    responses   bigint      NOT NULL,
    differences jsonb       NOT NULL,             -- [[question, row, code, partner, counted, published], …]
    is_mended   boolean     NOT NULL,             -- whether nothing differs any more
    at          timestamptz NOT NULL              -- of the state that was counted
);
CREATE INDEX recounts_survey ON recounts (survey_id, at DESC);
CREATE TRIGGER recounts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON recounts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Nights whose recount is done, by the day on which it was due.
CREATE TABLE recount_nights (
    day     date        PRIMARY KEY,
    done_at timestamptz NOT NULL DEFAULT now()
);
