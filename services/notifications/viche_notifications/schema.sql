-- What the migrations make, for reading: tables of the chassis and of the service.
-- Written by `UPDATE_SCHEMA=1 pytest -k schema`; a test holds it equal.


CREATE FUNCTION public.keep_officer_actions() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;

CREATE TABLE public.bounces (
    message_id uuid NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    domain text NOT NULL,
    address_index bytea,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT bounces_kind_check CHECK ((kind = ANY (ARRAY['hard'::text, 'permanent'::text, 'temporary'::text, 'policy'::text, 'complaint'::text])))
);

CREATE TABLE public.campaigns (
    id uuid NOT NULL,
    subject text NOT NULL,
    template text NOT NULL,
    occasion text DEFAULT ''::text NOT NULL,
    params jsonb DEFAULT '{}'::jsonb NOT NULL,
    page_token text DEFAULT ''::text NOT NULL,
    next_attempt_at timestamp with time zone DEFAULT now() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    done_at timestamp with time zone
);

CREATE TABLE public.dead_letters (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    subject text NOT NULL,
    payload bytea NOT NULL,
    error text NOT NULL,
    attempts integer NOT NULL,
    died_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.digests (
    person bytea NOT NULL,
    day date NOT NULL,
    message_id uuid NOT NULL
);

CREATE TABLE public.inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.message_contacts (
    message_id uuid NOT NULL,
    sealed bytea NOT NULL
);

CREATE TABLE public.messages (
    id uuid NOT NULL,
    template text NOT NULL,
    lane text NOT NULL,
    state text NOT NULL,
    language text NOT NULL,
    subject text DEFAULT ''::text NOT NULL,
    params jsonb DEFAULT '{}'::jsonb NOT NULL,
    campaign_id uuid,
    pseudonym bytea,
    address_index bytea,
    attempts integer DEFAULT 0 NOT NULL,
    unclear integer DEFAULT 0 NOT NULL,
    next_attempt_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    last_reply text DEFAULT ''::text NOT NULL,
    traceparent text DEFAULT ''::text NOT NULL,
    CONSTRAINT messages_end CHECK (((ended_at IS NULL) = (state = ANY (ARRAY['queued'::text, 'sending'::text])))),
    CONSTRAINT messages_lane_check CHECK ((lane = ANY (ARRAY['urgent'::text, 'bulk'::text]))),
    CONSTRAINT messages_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'permanent_failure'::text, 'technical_failure'::text, 'suppressed'::text, 'capped'::text, 'expired'::text])))
);

CREATE TABLE public.officer_actions (
    id uuid NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    service text NOT NULL,
    person bytea,
    roles text[] NOT NULL,
    authority_id uuid,
    action text NOT NULL,
    object text NOT NULL,
    request_id uuid
);

CREATE TABLE public.outbox (
    id uuid NOT NULL,
    type text NOT NULL,
    payload bytea NOT NULL,
    traceparent text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    published_at timestamp with time zone,
    stream_seq bigint
);

CREATE TABLE public.outbox_streams (
    name text NOT NULL,
    created_at text NOT NULL
);

CREATE TABLE public.rate_uses (
    rule text NOT NULL,
    key bytea NOT NULL,
    uses integer NOT NULL,
    ends_at timestamp with time zone NOT NULL
);

CREATE TABLE public.requests (
    caller text NOT NULL,
    request_id uuid NOT NULL,
    body_hash bytea NOT NULL,
    response bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.schema_migrations (
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.suppressions (
    subject text NOT NULL,
    address_index bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.undeliverable_addresses (
    address_index bytea NOT NULL,
    kind text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT undeliverable_addresses_kind_check CHECK ((kind = ANY (ARRAY['hard'::text, 'permanent'::text, 'temporary'::text])))
);

ALTER TABLE ONLY public.bounces
    ADD CONSTRAINT bounces_pkey PRIMARY KEY (message_id, kind);

ALTER TABLE ONLY public.campaigns
    ADD CONSTRAINT campaigns_once UNIQUE (subject, template, occasion);

ALTER TABLE ONLY public.campaigns
    ADD CONSTRAINT campaigns_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_pkey PRIMARY KEY (consumer, event_id);

ALTER TABLE ONLY public.digests
    ADD CONSTRAINT digests_pkey PRIMARY KEY (person, day);

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, event_id);

ALTER TABLE ONLY public.message_contacts
    ADD CONSTRAINT message_contacts_pkey PRIMARY KEY (message_id);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_once_per_campaign UNIQUE (campaign_id, pseudonym);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.officer_actions
    ADD CONSTRAINT officer_actions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox_streams
    ADD CONSTRAINT outbox_streams_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.rate_uses
    ADD CONSTRAINT rate_uses_pkey PRIMARY KEY (rule, key);

ALTER TABLE ONLY public.requests
    ADD CONSTRAINT requests_pkey PRIMARY KEY (caller, request_id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.suppressions
    ADD CONSTRAINT suppressions_pkey PRIMARY KEY (subject, address_index);

ALTER TABLE ONLY public.undeliverable_addresses
    ADD CONSTRAINT undeliverable_addresses_pkey PRIMARY KEY (address_index);

CREATE INDEX bounces_at ON public.bounces USING btree (at);

CREATE INDEX bounces_of_address ON public.bounces USING btree (address_index, at) WHERE (address_index IS NOT NULL);

CREATE INDEX campaigns_waiting ON public.campaigns USING btree (next_attempt_at, id) WHERE (done_at IS NULL);

CREATE INDEX digests_day ON public.digests USING btree (day);

CREATE INDEX inbox_seen_at ON public.inbox USING btree (seen_at);

CREATE INDEX messages_ended ON public.messages USING btree (ended_at) WHERE (ended_at IS NOT NULL);

CREATE INDEX messages_failed ON public.messages USING btree (id) WHERE ((ended_at IS NOT NULL) AND (state <> 'sent'::text));

CREATE INDEX messages_of_address ON public.messages USING btree (address_index, ended_at) WHERE (address_index IS NOT NULL);

CREATE INDEX messages_waiting ON public.messages USING btree (lane, next_attempt_at, id) WHERE (ended_at IS NULL);

CREATE INDEX officer_actions_authority ON public.officer_actions USING btree (authority_id, id);

CREATE INDEX officer_actions_person ON public.officer_actions USING btree (person, id);

CREATE INDEX outbox_published ON public.outbox USING btree (published_at) WHERE (published_at IS NOT NULL);

CREATE INDEX outbox_stream_seq ON public.outbox USING btree (stream_seq) WHERE (stream_seq IS NOT NULL);

CREATE INDEX outbox_waiting ON public.outbox USING btree (created_at, id) WHERE (published_at IS NULL);

CREATE INDEX rate_uses_ends_at ON public.rate_uses USING btree (ends_at);

CREATE INDEX requests_created_at ON public.requests USING btree (created_at);

CREATE TRIGGER officer_actions_append_only BEFORE DELETE OR UPDATE ON public.officer_actions FOR EACH ROW EXECUTE FUNCTION public.keep_officer_actions();

ALTER TABLE ONLY public.message_contacts
    ADD CONSTRAINT message_contacts_message_id_fkey FOREIGN KEY (message_id) REFERENCES public.messages(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES public.campaigns(id);
