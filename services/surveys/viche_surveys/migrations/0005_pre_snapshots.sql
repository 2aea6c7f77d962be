-- Answers as columns in Parquet, for tables of two questions. Objects lie under surveys/snapshots/SURVEY/PART.parquet.
CREATE TABLE snapshots (
    survey_id     uuid        PRIMARY KEY REFERENCES surveys ON DELETE CASCADE,
    parts         jsonb       NOT NULL DEFAULT '[]',           -- [[id, answers, id of the last one, is whole], …]
    taken_at      timestamptz,
    is_settled    boolean     NOT NULL DEFAULT false,          -- no answer before the last one can still be committed
    claim         uuid,                                        -- of the worker that takes it
    claimed_until timestamptz
);
