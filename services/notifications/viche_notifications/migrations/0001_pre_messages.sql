-- Whom a campaign has reached so far: the pages of an audience are put into the queue one by one.
CREATE TABLE campaigns (
    id              uuid        PRIMARY KEY,
    subject         text        NOT NULL,               -- what it is about, "petition:UUID"; also the scope of its pseudonyms
    template        text        NOT NULL,
    occasion        text        NOT NULL DEFAULT '',    -- tells several of one subject and template apart: the threshold
    params          jsonb       NOT NULL DEFAULT '{}',  -- what the texts say; public facts only
    page_token      text        NOT NULL DEFAULT '',    -- of the next page
    next_attempt_at timestamptz NOT NULL DEFAULT now(), -- while somebody works on it: the end of the lease
    attempts        integer     NOT NULL DEFAULT 0,     -- since the last page that went in
    created_at      timestamptz NOT NULL DEFAULT now(),
    done_at         timestamptz,
    CONSTRAINT campaigns_once UNIQUE (subject, template, occasion)
);
CREATE INDEX campaigns_waiting ON campaigns (next_attempt_at, id) WHERE done_at IS NULL;

-- Messages without their receivers.
CREATE TABLE messages (
    id              uuid        PRIMARY KEY,            -- UUIDv7
    template        text        NOT NULL,
    lane            text        NOT NULL CHECK (lane IN ('urgent', 'bulk')),
    state           text        NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'permanent_failure',
                                                          'technical_failure', 'suppressed', 'capped', 'expired')),
    language        text        NOT NULL,
    subject         text        NOT NULL DEFAULT '',    -- what unsubscribing stops
    params          jsonb       NOT NULL DEFAULT '{}',  -- what the texts say; public facts only
    campaign_id     uuid        REFERENCES campaigns (id),
    pseudonym       bytea,                              -- of the receiver in the campaign's scope
    address_index   bytea,                              -- keyed hash of the mailbox, for caps; erased when no cap needs it
    attempts        integer     NOT NULL DEFAULT 0,
    unclear         integer     NOT NULL DEFAULT 0,     -- tries whose outcome is unknown
    next_attempt_at timestamptz NOT NULL DEFAULT now(), -- while a worker has it: the end of the lease
    expires_at      timestamptz,                        -- of no use from then on
    created_at      timestamptz NOT NULL DEFAULT now(),
    ended_at        timestamptz,
    last_reply      text        NOT NULL DEFAULT '',    -- of the mail server, without addresses
    CONSTRAINT messages_once_per_campaign UNIQUE (campaign_id, pseudonym),
    CONSTRAINT messages_end CHECK ((ended_at IS NULL) = (state IN ('queued', 'sending')))
);
CREATE INDEX messages_waiting ON messages (lane, next_attempt_at, id) WHERE ended_at IS NULL;
CREATE INDEX messages_of_address ON messages (address_index, ended_at) WHERE address_index IS NOT NULL;
CREATE INDEX messages_failed ON messages (id) WHERE ended_at IS NOT NULL AND state <> 'sent';
CREATE INDEX messages_ended ON messages (ended_at) WHERE ended_at IS NOT NULL;

-- Address, name and secret link of a message, encrypted; erased with the message's end.
CREATE TABLE message_contacts (
    message_id uuid  PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    sealed     bytea NOT NULL
);

-- What people do not want to get any more.
CREATE TABLE suppressions (
    subject       text        NOT NULL,
    address_index bytea       NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (subject, address_index)
);
