-- The register: who has accounts on networks, and which. It is about offices; nothing here leads to a citizen.
-- Spans of days are half-open: from_on is the first day, until_on the first day after; null while it goes on.

CREATE TABLE bodies (
    id       uuid PRIMARY KEY,                                 -- of an authority of this instance: identity's
    kind     text NOT NULL CHECK (kind IN ('authority', 'holder', 'company')),
    register text NOT NULL DEFAULT '',                         -- that it comes from; empty: an authority of this instance
    key      text NOT NULL DEFAULT '',                         -- how that register names it
    title    text NOT NULL CHECK (title <> ''),
    CONSTRAINT bodies_own CHECK ((register = '') = (key = ''))
);
CREATE UNIQUE INDEX bodies_key ON bodies (register, key) WHERE register <> '';

-- What a body was, and when: a row per span, so that any day can be asked for.
CREATE TABLE standings (
    body_id        uuid NOT NULL REFERENCES bodies,
    from_on        date NOT NULL,
    until_on       date,
    authority_kind text NOT NULL DEFAULT '',                   -- whom it is counted with: "municipality", "senate"
    field          text NOT NULL DEFAULT '',                   -- what it works on; empty: not known
    parent_id      uuid REFERENCES bodies,
    CONSTRAINT standings_span CHECK (until_on >= from_on)
);
CREATE UNIQUE INDEX standings_current ON standings (body_id) WHERE until_on IS NULL;
CREATE INDEX standings_body ON standings (body_id, from_on);

-- A body's presence on a platform. One that ended and came back has two rows.
CREATE TABLE accounts (
    id          uuid PRIMARY KEY,                              -- UUIDv7
    body_id     uuid NOT NULL REFERENCES bodies,
    platform    text NOT NULL CHECK (platform ~ '^[a-z0-9][a-z0-9-]*$'),
    handle      text NOT NULL CHECK (handle <> ''),            -- as the platform writes it, without "@" before it
    url         text NOT NULL DEFAULT '',
    external_id text NOT NULL DEFAULT '',                      -- the platform's own id
    purpose     text NOT NULL DEFAULT 'office' CHECK (purpose IN ('office', 'campaign')),
    register    text NOT NULL DEFAULT '',                      -- that it comes from; empty: an officer entered it
    from_on     date NOT NULL,
    until_on    date,
    CONSTRAINT accounts_span CHECK (until_on >= from_on)
);
CREATE UNIQUE INDEX accounts_current ON accounts (body_id, platform, lower(handle)) WHERE until_on IS NULL;
CREATE INDEX accounts_handle ON accounts (platform, lower(handle));
CREATE INDEX accounts_external_id ON accounts (platform, external_id) WHERE external_id <> '';

-- The day that was read last of each register: what is older is not put under it.
CREATE TABLE readings (
    register text NOT NULL,
    part     text NOT NULL CHECK (part IN ('bodies', 'accounts')),
    read_on  date NOT NULL,
    PRIMARY KEY (register, part)
);
