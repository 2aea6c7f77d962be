-- By what a session was opened: "email", "passkey" or what else people sign in with.
ALTER TABLE sessions
    ADD COLUMN signed_in_by text NOT NULL DEFAULT 'email' CHECK (signed_in_by <> '');

-- The name under which authenticators know a person: random, so that it says nothing (WebAuthn, 14.6.1).
CREATE TABLE passkey_handles (
    person_id uuid  PRIMARY KEY REFERENCES persons (id) ON DELETE CASCADE,
    handle    bytea NOT NULL UNIQUE CHECK (octet_length(handle) = 32)
);

-- Passkeys: public keys (COSE) of persons; the name that the person gave is sealed.
CREATE TABLE passkeys (
    id            uuid        PRIMARY KEY,
    person_id     uuid        NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    credential_id bytea       NOT NULL UNIQUE CHECK (octet_length(credential_id) BETWEEN 1 AND 1023),
    public_key    bytea       NOT NULL,
    sign_count    bigint      NOT NULL CHECK (sign_count >= 0),
    transports    text[]      NOT NULL DEFAULT '{}',
    name          bytea       NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    last_used_at  timestamptz
);
CREATE INDEX passkeys_person ON passkeys (person_id);

-- Challenges that wait for their answer, by the hash of the token that the browser holds; answering deletes them.
CREATE TABLE passkey_challenges (
    token_hash bytea       PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    challenge  bytea       NOT NULL,
    purpose    text        NOT NULL CHECK (purpose IN ('register', 'sign_in')),
    person_id  uuid        REFERENCES persons (id) ON DELETE CASCADE, -- who alone may answer; NULL: whoever can
    expires_at timestamptz NOT NULL,
    CHECK (purpose <> 'register' OR person_id IS NOT NULL)
);
CREATE INDEX passkey_challenges_expires ON passkey_challenges (expires_at);
CREATE INDEX passkey_challenges_person ON passkey_challenges (person_id);
