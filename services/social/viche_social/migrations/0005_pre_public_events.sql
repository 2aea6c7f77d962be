-- Public events of authorities, and who comes. Names and addresses lie sealed in registrations.sealed alone; they go
-- some days after the event, when a registration ends, and when a person is erased. Counts stay.
CREATE SEQUENCE public_event_numbers;

CREATE TABLE public_events (
    id                 uuid PRIMARY KEY,                       -- UUIDv7
    number             bigint NOT NULL UNIQUE DEFAULT nextval('public_event_numbers'),
    authority_id       uuid NOT NULL,
    content            jsonb NOT NULL,
    state              text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'cancelled')),
    version            integer NOT NULL DEFAULT 1,
    starts_at          timestamptz,                            -- what follows from the content, computed when it is kept
    ends_at            timestamptz,
    over_at            timestamptz,                            -- ends_at, or some hours after the beginning
    registration_until timestamptz,
    remind_at          timestamptz,
    reminded_at        timestamptz,
    capacity           integer CHECK (capacity > 0),           -- null: as many as wanted
    taken              integer NOT NULL DEFAULT 0 CHECK (taken >= 0),
    sequence           integer NOT NULL DEFAULT 0,
    cancelled_because  text NOT NULL DEFAULT '',
    written_by         bytea,                                  -- pseudonym of the scope "authors"
    created_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    changed_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    published_at       timestamptz,
    people_deleted_at  timestamptz,
    CONSTRAINT public_events_capacity CHECK (taken <= capacity),
    CONSTRAINT public_events_published CHECK (state = 'draft' OR (starts_at IS NOT NULL AND over_at IS NOT NULL)),
    CONSTRAINT public_events_cancelled CHECK ((state = 'cancelled') = (cancelled_because <> ''))
);
ALTER SEQUENCE public_event_numbers OWNED BY public_events.number;
CREATE INDEX public_events_starts ON public_events (starts_at, id) WHERE state <> 'draft';
CREATE INDEX public_events_authority ON public_events (authority_id, starts_at);
CREATE INDEX public_events_remind ON public_events (remind_at) WHERE state = 'published' AND reminded_at IS NULL;
CREATE INDEX public_events_people ON public_events (over_at) WHERE people_deleted_at IS NULL AND state <> 'draft';

CREATE TABLE registrations (
    id            uuid PRIMARY KEY,                            -- UUIDv7
    event_id      uuid NOT NULL REFERENCES public_events,
    state         text NOT NULL CHECK (state IN ('pending', 'registered', 'waiting', 'cancelled', 'removed', 'expired')),
    seats         integer NOT NULL CHECK (seats > 0),
    has_seats     boolean NOT NULL,                            -- counted in public_events.taken
    email_key     bytea,                                       -- keyed hash of the mailbox within the event
    person        bytea,                                       -- pseudonym of the scope "registrations"
    sealed        bytea,                                       -- name and address
    language      text NOT NULL,
    held_until    timestamptz,
    waiting_since timestamptz,
    is_from_door  boolean NOT NULL DEFAULT false,
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    checked_in_at timestamptz,
    CONSTRAINT registrations_mailbox UNIQUE (event_id, email_key),
    CONSTRAINT registrations_seats CHECK (has_seats = (state = 'registered') OR state = 'pending'),
    CONSTRAINT registrations_pending CHECK ((state = 'pending') = (held_until IS NOT NULL)),
    CONSTRAINT registrations_waiting CHECK ((state = 'waiting') = (waiting_since IS NOT NULL)),
    CONSTRAINT registrations_ended CHECK (state IN ('pending', 'registered', 'waiting') OR sealed IS NULL)
);
CREATE INDEX registrations_event ON registrations (event_id, state);
CREATE INDEX registrations_person ON registrations (person, id) WHERE person IS NOT NULL;
CREATE INDEX registrations_held ON registrations (held_until) WHERE state = 'pending';

-- Mails that are on their way to notifications; the id is the request's, so that a repeat sends no second one.
CREATE TABLE event_mails (
    id              uuid PRIMARY KEY,                          -- UUIDv7
    event_id        uuid NOT NULL REFERENCES public_events,
    registration_id uuid NOT NULL REFERENCES registrations,
    kind            text NOT NULL,
    sealed          bytea NOT NULL,                            -- name, address, and what is said to this person alone
    language        text NOT NULL,
    next_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    tries           integer NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX event_mails_due ON event_mails (next_at);
CREATE INDEX event_mails_registration ON event_mails (registration_id);

-- Who was erased lately: a registration of theirs may have been on its way.
CREATE TABLE erased_visitors (
    person    bytea PRIMARY KEY,
    erased_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
