-- Who starts a petition, and how many support it before it is checked.
ALTER TABLE petitions
    ADD COLUMN author_kind         text        NOT NULL DEFAULT 'person'
        CONSTRAINT petitions_author_kind CHECK (author_kind IN ('person', 'organisation', 'committee')),
    ADD COLUMN organisation_name   text        NOT NULL DEFAULT '',
    ADD COLUMN organisation_number text        NOT NULL DEFAULT '',   -- in the register of organisations
    ADD COLUMN author_role         text        NOT NULL DEFAULT '',   -- of the person in the organisation
    ADD COLUMN founded_on          date,                              -- founding meeting of the committee
    ADD COLUMN founding_place      text        NOT NULL DEFAULT '',
    ADD COLUMN sponsors            integer     NOT NULL DEFAULT 0
        CONSTRAINT petitions_sponsors CHECK (sponsors >= 0),
    ADD COLUMN sponsored_at        timestamptz,                       -- when there were as many as it needs
    ADD CONSTRAINT petitions_sponsoring CHECK (state <> 'sponsoring' OR terms IS NOT NULL AND sponsored_at IS NULL);

-- Members of initiative committees. Their names are public only once the petition has opened.
CREATE TABLE committee_members (
    id          uuid     PRIMARY KEY,
    petition_id uuid     NOT NULL,
    place       smallint NOT NULL CHECK (place >= 0),
    member      bytea    NOT NULL,                  -- sealed: name, territory
    CONSTRAINT committee_members_once UNIQUE (petition_id, place)
);

-- Authors who count as the first signer when their petition opens. They said so themselves, when they handed it in.
CREATE TABLE first_signers (
    petition_id uuid   PRIMARY KEY,
    signer      bytea  NOT NULL CHECK (octet_length(signer) = 32),   -- pseudonym of the scope "petition:UUID"
    assurance   text   NOT NULL,
    residence   text[] NOT NULL
);

-- Mails that invite sponsors: each mailbox once for a petition. Supporting leaves no trace here: sponsors are signers.
CREATE TABLE sponsor_invitations (
    id            uuid        PRIMARY KEY,
    petition_id   uuid        NOT NULL,
    mailbox_index bytea       NOT NULL,                 -- keyed hash, a key per petition
    contact       bytea,                                -- sealed: e-mail, language; deleted when sent, or at the end
    expires_at    timestamptz NOT NULL,
    CONSTRAINT sponsor_invitations_once UNIQUE (petition_id, mailbox_index)
);
CREATE INDEX sponsor_invitations_expires_at ON sponsor_invitations (expires_at);
