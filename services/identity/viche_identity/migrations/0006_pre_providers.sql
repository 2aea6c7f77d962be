-- How surely the person was known when the session was opened; a provider may say more than a mailbox does.
ALTER TABLE sessions
    ADD COLUMN assurance text NOT NULL DEFAULT 'email' CHECK (assurance IN ('email', 'substantial', 'high'));

-- Visits to providers that are under way; their secrets are computed from the id and kept nowhere.
CREATE TABLE provider_visits (
    id           uuid        PRIMARY KEY,
    provider     text        NOT NULL,
    purpose      text        NOT NULL CHECK (purpose IN ('sign_in', 'connect', 'confirm')),
    browser_hash bytea       NOT NULL CHECK (octet_length(browser_hash) = 32),
    person_id    uuid        REFERENCES persons (id) ON DELETE CASCADE, -- who is signed in already
    language     text        NOT NULL,
    return_path  text        NOT NULL,
    began_at     timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    CHECK ((purpose = 'sign_in') = (person_id IS NULL))
);
CREATE INDEX provider_visits_expires ON provider_visits (expires_at);
CREATE INDEX provider_visits_person ON provider_visits (person_id);

-- Who of a provider is who here: the subject is a blind index of issuer and subject, so each has one person.
CREATE TABLE provider_connections (
    id           uuid        PRIMARY KEY,
    subject      bytea       NOT NULL UNIQUE CHECK (octet_length(subject) = 32),
    person_id    uuid        NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    provider     text        NOT NULL,
    connected_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX provider_connections_person ON provider_connections (person_id);

-- What using a sign-in link will join, in the browser that asked for it: a provider's subject to the person of the
-- mailbox, or the mailbox to a person who had none. The name is sealed.
CREATE TABLE pending_connections (
    link_id        uuid        PRIMARY KEY REFERENCES sign_in_links (id) ON DELETE CASCADE,
    browser_hash   bytea       NOT NULL CHECK (octet_length(browser_hash) = 32),
    person_id      uuid        REFERENCES persons (id) ON DELETE CASCADE,
    provider       text        NOT NULL DEFAULT '',
    subject        bytea       CHECK (octet_length(subject) = 32),
    assurance      text        NOT NULL DEFAULT 'email',
    asked_at       timestamptz,
    name           bytea       NOT NULL DEFAULT '',
    residence_code text        NOT NULL DEFAULT '',
    CHECK ((person_id IS NULL) = (subject IS NOT NULL))
);
CREATE INDEX pending_connections_person ON pending_connections (person_id);
