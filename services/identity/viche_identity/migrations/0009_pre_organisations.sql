-- Organisations that people act for. Each asks the operators of one authority to confirm it; version counts what was
-- asked, so that nobody confirms what they have not seen. Names of organisations are public.
CREATE TABLE organisations (
    id              uuid        PRIMARY KEY,
    name            text        NOT NULL,
    register_number text        NOT NULL,
    kind            text        NOT NULL CHECK (kind IN ('association', 'company', 'institution', 'other')),
    authority_id    uuid        NOT NULL REFERENCES authorities (id),
    version         integer     NOT NULL DEFAULT 1,
    state           text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'confirmed', 'refused')),
    reason          text        NOT NULL DEFAULT '',          -- why it was refused
    asked_at        timestamptz NOT NULL DEFAULT now(),
    decided_at      timestamptz,
    CHECK ((state = 'waiting') = (decided_at IS NULL))
);
CREATE INDEX organisations_asked ON organisations (authority_id, asked_at);
-- A number of the register belongs to one organisation.
CREATE UNIQUE INDEX organisations_confirmed ON organisations (register_number) WHERE state = 'confirmed';

-- Who acts for them, and who belongs to them; an end stays known, unless the person is erased.
CREATE TABLE organisation_members (
    id              uuid        PRIMARY KEY,
    organisation_id uuid        NOT NULL REFERENCES organisations (id),
    person_id       uuid        NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    role            text        NOT NULL CHECK (role IN ('representative', 'member')),
    from_at         timestamptz NOT NULL DEFAULT now(),
    until_at        timestamptz
);
CREATE UNIQUE INDEX organisation_members_held ON organisation_members (organisation_id, person_id) WHERE until_at IS NULL;
CREATE INDEX organisation_members_person ON organisation_members (person_id);

-- Links by which people join; each is used once.
CREATE TABLE organisation_invitations (
    id              uuid        PRIMARY KEY,
    organisation_id uuid        NOT NULL REFERENCES organisations (id),
    role            text        NOT NULL CHECK (role IN ('representative', 'member')),
    expires_at      timestamptz NOT NULL,
    used_by         uuid        REFERENCES persons (id) ON DELETE SET NULL,
    used_at         timestamptz
);
CREATE INDEX organisation_invitations_organisation ON organisation_invitations (organisation_id);
CREATE INDEX organisation_invitations_used_by ON organisation_invitations (used_by);
