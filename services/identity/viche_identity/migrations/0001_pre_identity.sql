-- Territories of the official codifier; path holds the codes from the top down to the territory itself.
CREATE TABLE territories (
    code        text   PRIMARY KEY,
    parent_code text   REFERENCES territories (code) DEFERRABLE INITIALLY DEFERRED,
    name        jsonb  NOT NULL,                     -- language to text
    path        text[] NOT NULL DEFAULT '{}'
);
CREATE INDEX territories_parent ON territories (parent_code);

-- Institutions that people turn to.
CREATE TABLE authorities (
    id             uuid  PRIMARY KEY,
    slug           text  NOT NULL UNIQUE,
    parent_slug    text  REFERENCES authorities (slug) DEFERRABLE INITIALLY DEFERRED,
    name           jsonb NOT NULL,
    territory_code text  NOT NULL REFERENCES territories (code) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX authorities_parent ON authorities (parent_slug);
CREATE INDEX authorities_territory ON authorities (territory_code);

-- Persons, without anything that names them.
CREATE TABLE persons (
    id             uuid        PRIMARY KEY,
    assurance      text        NOT NULL CHECK (assurance IN ('email', 'substantial', 'high')),
    residence_code text        REFERENCES territories (code),
    language       text        NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX persons_created ON persons (created_at);
CREATE INDEX persons_residence ON persons (residence_code);

-- One person to a mailbox: HMAC of the canonical address.
CREATE TABLE person_mailboxes (
    mailbox   bytea PRIMARY KEY,
    person_id uuid  NOT NULL UNIQUE REFERENCES persons (id) DEFERRABLE INITIALLY DEFERRED
);

-- Personal data, sealed: AES-256-GCM, bound to column and person. Erasing a person deletes the row.
CREATE TABLE person_details (
    person_id uuid  PRIMARY KEY REFERENCES persons (id) DEFERRABLE INITIALLY DEFERRED,
    email     bytea NOT NULL,
    name      bytea NOT NULL
);

-- Sign-in links.
CREATE TABLE sign_in_links (
    id          uuid        PRIMARY KEY,
    language    text        NOT NULL,
    return_path text        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz
);
CREATE INDEX sign_in_links_created ON sign_in_links (created_at);

-- Where a link goes, sealed; deleted when the link is used or has expired.
CREATE TABLE sign_in_link_details (
    link_id uuid  PRIMARY KEY REFERENCES sign_in_links (id) ON DELETE CASCADE,
    email   bytea NOT NULL
);

-- Sessions by the hash of their token.
CREATE TABLE sessions (
    id           uuid        PRIMARY KEY,
    token_hash   bytea       NOT NULL UNIQUE,
    person_id    uuid        NOT NULL REFERENCES persons (id),
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz
);
CREATE INDEX sessions_person ON sessions (person_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- Roles; taking one back sets its end, so that it stays known who held what when.
CREATE TABLE grants (
    id           uuid        PRIMARY KEY,
    person_id    uuid        NOT NULL REFERENCES persons (id),
    role         text        NOT NULL CHECK (role IN ('officer', 'operator')),
    authority_id uuid        NOT NULL REFERENCES authorities (id),
    from_at      timestamptz NOT NULL DEFAULT now(),
    until_at     timestamptz,
    CHECK (until_at >= from_at)
);
CREATE UNIQUE INDEX grants_held ON grants (person_id, role, authority_id) WHERE until_at IS NULL;
CREATE INDEX grants_authority ON grants (authority_id);
