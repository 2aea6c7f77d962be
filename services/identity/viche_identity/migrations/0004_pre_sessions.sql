-- Where somebody is signed in, in a few words, and when the person last proved to be there.
ALTER TABLE sessions
    ADD COLUMN device       text        NOT NULL DEFAULT '',
    ADD COLUMN confirmed_at timestamptz NOT NULL DEFAULT now();
UPDATE sessions SET confirmed_at = created_at;
