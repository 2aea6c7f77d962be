-- Mails that came back, each once for what it says about the address.
CREATE TABLE bounces (
    message_id    uuid        NOT NULL,                -- the message may be deleted before
    kind          text        NOT NULL CHECK (kind IN ('hard', 'permanent', 'temporary', 'policy', 'complaint')),
    status        text        NOT NULL,                -- RFC 3463; empty for a complaint
    domain        text        NOT NULL,                -- of the mailbox; empty where it is not known
    address_index bytea,                               -- keyed hash of the mailbox; erased when the person has confirmed it
    at            timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (message_id, kind)
);
CREATE INDEX bounces_of_address ON bounces (address_index, at) WHERE address_index IS NOT NULL;
CREATE INDEX bounces_at ON bounces (at);

-- Mailboxes that mail does not reach: they get what somebody asked for, and nothing else.
CREATE TABLE undeliverable_addresses (
    address_index bytea       PRIMARY KEY,
    kind          text        NOT NULL CHECK (kind IN ('hard', 'permanent', 'temporary')),
    since         timestamptz NOT NULL DEFAULT now()
);
