-- Counts of polls that ran on platforms: beside a survey's answers, never added to them.
CREATE TABLE polls (
    survey_id   uuid        NOT NULL REFERENCES surveys ON DELETE CASCADE,
    platform    text        NOT NULL,
    poll_id     text        NOT NULL,                          -- the poll's own id there
    url         text        NOT NULL DEFAULT '',
    question    text        NOT NULL DEFAULT '',               -- of the survey, that it repeats
    voters      bigint      NOT NULL DEFAULT 0 CHECK (voters >= 0),
    options     jsonb       NOT NULL,                          -- [[text, code, votes], …] as they stand there
    taken_at    timestamptz NOT NULL,
    PRIMARY KEY (survey_id, platform, poll_id)
);
