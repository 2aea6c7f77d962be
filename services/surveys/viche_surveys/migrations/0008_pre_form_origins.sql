-- The file of another tool that a survey was read from, and what became of it on the way.
CREATE TABLE form_origins (
    survey_id   uuid        PRIMARY KEY REFERENCES surveys ON DELETE CASCADE,
    filename    text        NOT NULL,
    format      text        NOT NULL,
    questions   integer     NOT NULL CHECK (questions >= 0),
    changed     jsonb       NOT NULL,             -- [[place, reason, {name: value}], …]
    refused     jsonb       NOT NULL,
    read_at     timestamptz NOT NULL DEFAULT clock_timestamp()
);
