-- What the migrations make, for reading: tables of the chassis and of the service.
-- Written by `UPDATE_SCHEMA=1 pytest -k schema`; a test holds it equal.


CREATE FUNCTION public.keep_officer_actions() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;

CREATE TABLE public.accounts (
    id uuid NOT NULL,
    body_id uuid NOT NULL,
    platform text NOT NULL,
    handle text NOT NULL,
    url text DEFAULT ''::text NOT NULL,
    external_id text DEFAULT ''::text NOT NULL,
    purpose text DEFAULT 'office'::text NOT NULL,
    register text DEFAULT ''::text NOT NULL,
    from_on date NOT NULL,
    until_on date,
    CONSTRAINT accounts_handle_check CHECK ((handle <> ''::text)),
    CONSTRAINT accounts_platform_check CHECK ((platform ~ '^[a-z0-9][a-z0-9-]*$'::text)),
    CONSTRAINT accounts_purpose_check CHECK ((purpose = ANY (ARRAY['office'::text, 'campaign'::text]))),
    CONSTRAINT accounts_span CHECK ((until_on >= from_on))
);

CREATE TABLE public.bodies (
    id uuid NOT NULL,
    kind text NOT NULL,
    register text DEFAULT ''::text NOT NULL,
    key text DEFAULT ''::text NOT NULL,
    title text NOT NULL,
    CONSTRAINT bodies_kind_check CHECK ((kind = ANY (ARRAY['authority'::text, 'holder'::text, 'company'::text]))),
    CONSTRAINT bodies_own CHECK (((register = ''::text) = (key = ''::text))),
    CONSTRAINT bodies_title_check CHECK ((title <> ''::text))
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

CREATE TABLE public.figures (
    account_id uuid NOT NULL,
    metric text NOT NULL,
    day date NOT NULL,
    value bigint,
    reason text DEFAULT ''::text NOT NULL,
    source text DEFAULT ''::text NOT NULL,
    CONSTRAINT figures_metric_check CHECK ((metric ~ '^[a-z][a-z_]*$'::text)),
    CONSTRAINT figures_reason CHECK (((value IS NULL) = (reason <> ''::text))),
    CONSTRAINT figures_value_check CHECK ((value >= 0))
);

CREATE TABLE public.inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
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

CREATE TABLE public.readings (
    register text NOT NULL,
    part text NOT NULL,
    read_on date NOT NULL,
    CONSTRAINT readings_part_check CHECK ((part = ANY (ARRAY['bodies'::text, 'accounts'::text])))
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

CREATE TABLE public.standings (
    body_id uuid NOT NULL,
    from_on date NOT NULL,
    until_on date,
    authority_kind text DEFAULT ''::text NOT NULL,
    field text DEFAULT ''::text NOT NULL,
    parent_id uuid,
    CONSTRAINT standings_span CHECK ((until_on >= from_on))
);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.bodies
    ADD CONSTRAINT bodies_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_pkey PRIMARY KEY (consumer, event_id);

ALTER TABLE ONLY public.figures
    ADD CONSTRAINT figures_pkey PRIMARY KEY (account_id, metric, day);

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, event_id);

ALTER TABLE ONLY public.officer_actions
    ADD CONSTRAINT officer_actions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox_streams
    ADD CONSTRAINT outbox_streams_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.rate_uses
    ADD CONSTRAINT rate_uses_pkey PRIMARY KEY (rule, key);

ALTER TABLE ONLY public.readings
    ADD CONSTRAINT readings_pkey PRIMARY KEY (register, part);

ALTER TABLE ONLY public.requests
    ADD CONSTRAINT requests_pkey PRIMARY KEY (caller, request_id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (name);

CREATE UNIQUE INDEX accounts_current ON public.accounts USING btree (body_id, platform, lower(handle)) WHERE (until_on IS NULL);

CREATE INDEX accounts_external_id ON public.accounts USING btree (platform, external_id) WHERE (external_id <> ''::text);

CREATE INDEX accounts_handle ON public.accounts USING btree (platform, lower(handle));

CREATE UNIQUE INDEX bodies_key ON public.bodies USING btree (register, key) WHERE (register <> ''::text);

CREATE INDEX figures_day ON public.figures USING btree (metric, day);

CREATE INDEX inbox_seen_at ON public.inbox USING btree (seen_at);

CREATE INDEX officer_actions_authority ON public.officer_actions USING btree (authority_id, id);

CREATE INDEX officer_actions_person ON public.officer_actions USING btree (person, id);

CREATE INDEX outbox_published ON public.outbox USING btree (published_at) WHERE (published_at IS NOT NULL);

CREATE INDEX outbox_stream_seq ON public.outbox USING btree (stream_seq) WHERE (stream_seq IS NOT NULL);

CREATE INDEX outbox_waiting ON public.outbox USING btree (created_at, id) WHERE (published_at IS NULL);

CREATE INDEX rate_uses_ends_at ON public.rate_uses USING btree (ends_at);

CREATE INDEX requests_created_at ON public.requests USING btree (created_at);

CREATE INDEX standings_body ON public.standings USING btree (body_id, from_on);

CREATE UNIQUE INDEX standings_current ON public.standings USING btree (body_id) WHERE (until_on IS NULL);

CREATE TRIGGER officer_actions_append_only BEFORE DELETE OR UPDATE ON public.officer_actions FOR EACH ROW EXECUTE FUNCTION public.keep_officer_actions();

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_body_id_fkey FOREIGN KEY (body_id) REFERENCES public.bodies(id);

ALTER TABLE ONLY public.figures
    ADD CONSTRAINT figures_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.standings
    ADD CONSTRAINT standings_body_id_fkey FOREIGN KEY (body_id) REFERENCES public.bodies(id);

ALTER TABLE ONLY public.standings
    ADD CONSTRAINT standings_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.bodies(id);
