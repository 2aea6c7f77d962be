-- Partners: whose pages show surveys and petitions of this portal. Of the link to a partner's totals a hash is kept.
CREATE TABLE partners (
    id           uuid        PRIMARY KEY,
    name         text        NOT NULL,
    authority_id uuid        NOT NULL REFERENCES authorities (id),
    created_at   timestamptz NOT NULL DEFAULT now(),
    archived_at  timestamptz,
    link_hash    bytea       UNIQUE CHECK (length(link_hash) = 32),
    link_made_at timestamptz,
    CHECK ((link_hash IS NULL) = (link_made_at IS NULL)),
    CHECK (archived_at IS NULL OR link_hash IS NULL)
);
CREATE INDEX partners_authority ON partners (authority_id);

-- Origins of their pages, as browsers write them; each belongs to one partner at most, and to none when it is archived.
CREATE TABLE partner_origins (
    origin     text PRIMARY KEY,
    partner_id uuid NOT NULL REFERENCES partners (id)
);
CREATE INDEX partner_origins_partner ON partner_origins (partner_id);
