-- What is learnt from officers' labels: which authorities let it, and the last training of each part.

CREATE TABLE learning (
    authority_id uuid PRIMARY KEY,
    is_on        boolean NOT NULL DEFAULT true,
    looked_at    timestamptz                                   -- null: at the next look
);
INSERT INTO learning (authority_id) SELECT DISTINCT t.authority_id FROM labels l JOIN threads t ON t.id = l.thread_id;

CREATE TABLE learned_models (
    authority_id uuid NOT NULL REFERENCES learning,
    kind         text NOT NULL CHECK (kind IN ('language', 'topic', 'tone')),
    language     text NOT NULL,                                -- empty for the kind "language"
    version      integer NOT NULL,
    trained_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    labels       integer NOT NULL,                             -- it was trained from
    newest_label uuid NOT NULL,                                -- of these
    texts        integer NOT NULL,
    macro_f1     float8 NOT NULL,
    words_f1     float8 NOT NULL,
    "precision"  float8 NOT NULL,
    coverage     float8 NOT NULL,
    document     jsonb,                                        -- null where it was not adopted
    PRIMARY KEY (authority_id, kind, language)
);

CREATE INDEX labels_thread ON labels (thread_id, kind, id);
