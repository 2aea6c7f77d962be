-- Organisations that were confirmed when an author said that they act for them. What a petition says of its author is
-- confirmed for as long as it is the same.
CREATE TABLE confirmed_authors (
    petition_id     uuid        PRIMARY KEY REFERENCES petitions (id) ON DELETE CASCADE,
    organisation_id uuid        NOT NULL,
    name            text        NOT NULL,
    register_number text        NOT NULL,
    confirmed_at    timestamptz NOT NULL
);
