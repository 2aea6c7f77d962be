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

CREATE TABLE public.answer_targets (
    authority_id uuid NOT NULL,
    target interval NOT NULL,
    CONSTRAINT answer_targets_target_check CHECK ((target >= '01:00:00'::interval))
);

CREATE TABLE public.askings (
    delivery_id uuid NOT NULL,
    what text NOT NULL,
    next_at timestamp with time zone,
    claimed_until timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    fault text DEFAULT ''::text NOT NULL,
    answered_at timestamp with time zone,
    CONSTRAINT askings_what_check CHECK ((what = ANY (ARRAY['figures'::text, 'poll'::text])))
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

CREATE TABLE public.canned_replies (
    id uuid NOT NULL,
    authority_id uuid NOT NULL,
    language text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT canned_replies_body_check CHECK ((body <> ''::text)),
    CONSTRAINT canned_replies_title_check CHECK ((title <> ''::text))
);

CREATE TABLE public.channel_secrets (
    channel_id uuid NOT NULL,
    sealed bytea NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    renew_at timestamp with time zone,
    claimed_until timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    refused_at timestamp with time zone,
    late_since timestamp with time zone
);

CREATE TABLE public.channel_sessions (
    channel_id uuid NOT NULL,
    sealed bytea NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE public.channels (
    id uuid NOT NULL,
    authority_id uuid NOT NULL,
    connector text NOT NULL,
    platform text NOT NULL,
    platform_id text NOT NULL,
    server text DEFAULT ''::text NOT NULL,
    handle text DEFAULT ''::text NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    url text DEFAULT ''::text NOT NULL,
    language text NOT NULL,
    state text NOT NULL,
    fault text DEFAULT ''::text NOT NULL,
    granted text[] DEFAULT '{}'::text[] NOT NULL,
    own_values jsonb DEFAULT '{}'::jsonb NOT NULL,
    limits jsonb,
    asked_at timestamp with time zone NOT NULL,
    worked_at timestamp with time zone,
    ask_at timestamp with time zone NOT NULL,
    not_before timestamp with time zone,
    expires_at timestamp with time zone,
    connected_at timestamp with time zone NOT NULL,
    disconnected_at timestamp with time zone,
    CONSTRAINT channels_ended CHECK (((state = 'disconnected'::text) = (disconnected_at IS NOT NULL))),
    CONSTRAINT channels_state_check CHECK ((state = ANY (ARRAY['good'::text, 'paused'::text, 'expired'::text, 'limited'::text, 'unreachable'::text, 'disconnected'::text])))
);

CREATE TABLE public.connector_holds (
    connector text NOT NULL,
    not_before timestamp with time zone NOT NULL
);

CREATE TABLE public.consents (
    state_hash bytea NOT NULL,
    person bytea NOT NULL,
    authority_id uuid NOT NULL,
    channel_id uuid,
    connector text NOT NULL,
    own_values jsonb DEFAULT '{}'::jsonb NOT NULL,
    language text DEFAULT ''::text NOT NULL,
    verifier bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL
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

CREATE TABLE public.deliveries (
    id uuid NOT NULL,
    post_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    connector text NOT NULL,
    language text NOT NULL,
    body text NOT NULL,
    state text NOT NULL,
    task text,
    next_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    claimed_until timestamp with time zone,
    tries integer DEFAULT 0 NOT NULL,
    task_tries integer DEFAULT 0 NOT NULL,
    token text DEFAULT ''::text NOT NULL,
    ref text DEFAULT ''::text NOT NULL,
    url text DEFAULT ''::text NOT NULL,
    error text DEFAULT ''::text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    doubted_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    published_at timestamp with time zone,
    edition integer DEFAULT 1 NOT NULL,
    CONSTRAINT deliveries_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sending'::text, 'pending'::text, 'published'::text, 'refused'::text, 'blocked'::text, 'unknown'::text, 'by_hand'::text, 'cancelled'::text, 'withdrawn'::text]))),
    CONSTRAINT deliveries_task_check CHECK ((task = ANY (ARRAY['publish'::text, 'check'::text, 'finalize'::text, 'find'::text, 'edit'::text, 'delete'::text])))
);

CREATE TABLE public.editions (
    id uuid NOT NULL,
    post_id uuid NOT NULL,
    number integer,
    state text NOT NULL,
    content jsonb NOT NULL,
    what text DEFAULT ''::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    written_by bytea,
    approved_by bytea,
    returned_because text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    out_at timestamp with time zone,
    CONSTRAINT editions_numbered CHECK (((state = 'out'::text) = (number IS NOT NULL))),
    CONSTRAINT editions_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'returned'::text, 'out'::text, 'dropped'::text])))
);

CREATE TABLE public.erased_visitors (
    person bytea NOT NULL,
    erased_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE public.event_mails (
    id uuid NOT NULL,
    event_id uuid NOT NULL,
    registration_id uuid NOT NULL,
    kind text NOT NULL,
    sealed bytea NOT NULL,
    language text NOT NULL,
    next_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
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

CREATE TABLE public.hooks_seen (
    channel_id uuid NOT NULL,
    digest bytea NOT NULL,
    seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE public.inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.inboxes (
    channel_id uuid NOT NULL,
    cursor text DEFAULT ''::text NOT NULL,
    next_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    claimed_until timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    fault text DEFAULT ''::text NOT NULL,
    read_at timestamp with time zone
);

CREATE TABLE public.item_contents (
    item_id uuid NOT NULL,
    version integer NOT NULL,
    sealed bytea NOT NULL,
    seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE public.items (
    id uuid NOT NULL,
    thread_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    platform_id text NOT NULL,
    kind text NOT NULL,
    on_ref text DEFAULT ''::text NOT NULL,
    answers text DEFAULT ''::text NOT NULL,
    author_key bytea,
    digest bytea NOT NULL,
    searchable tsvector DEFAULT ''::tsvector NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    is_own boolean NOT NULL,
    is_hidden boolean DEFAULT false NOT NULL,
    written_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    deleted_at timestamp with time zone,
    erased_at timestamp with time zone,
    CONSTRAINT items_kind_check CHECK ((kind = ANY (ARRAY['comment'::text, 'mention'::text, 'message'::text])))
);

CREATE TABLE public.labels (
    id uuid NOT NULL,
    thread_id uuid NOT NULL,
    kind text NOT NULL,
    proposed text NOT NULL,
    said text NOT NULL,
    person bytea,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT labels_kind_check CHECK ((kind = ANY (ARRAY['language'::text, 'topic'::text, 'tone'::text])))
);

CREATE TABLE public.learned_models (
    authority_id uuid NOT NULL,
    kind text NOT NULL,
    language text NOT NULL,
    version integer NOT NULL,
    trained_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    labels integer NOT NULL,
    newest_label uuid NOT NULL,
    texts integer NOT NULL,
    macro_f1 double precision NOT NULL,
    words_f1 double precision NOT NULL,
    "precision" double precision NOT NULL,
    coverage double precision NOT NULL,
    document jsonb,
    CONSTRAINT learned_models_kind_check CHECK ((kind = ANY (ARRAY['language'::text, 'topic'::text, 'tone'::text])))
);

CREATE TABLE public.learning (
    authority_id uuid NOT NULL,
    is_on boolean DEFAULT true NOT NULL,
    looked_at timestamp with time zone
);

CREATE TABLE public.media (
    id uuid NOT NULL,
    authority_id uuid NOT NULL,
    title text DEFAULT ''::text NOT NULL,
    kind text NOT NULL,
    type text NOT NULL,
    size_bytes bigint NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT media_kind_check CHECK ((kind = ANY (ARRAY['image'::text, 'video'::text])))
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

CREATE TABLE public.permits (
    key text NOT NULL,
    next_at timestamp with time zone NOT NULL
);

CREATE TABLE public.poll_counts (
    delivery_id uuid NOT NULL,
    options jsonb NOT NULL,
    voters bigint,
    is_closed boolean NOT NULL,
    counted_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE public.post_figure_gaps (
    delivery_id uuid NOT NULL,
    metric text NOT NULL,
    since timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    reason text DEFAULT ''::text NOT NULL
);

CREATE TABLE public.post_figures (
    delivery_id uuid NOT NULL,
    metric text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    value bigint NOT NULL,
    CONSTRAINT post_figures_value_check CHECK ((value >= 0))
);

CREATE TABLE public.post_history (
    post_id uuid NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    version integer NOT NULL,
    what text NOT NULL,
    person bytea,
    content jsonb
);

CREATE TABLE public.posts (
    id uuid NOT NULL,
    number bigint NOT NULL,
    authority_id uuid NOT NULL,
    content jsonb NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    publish_at timestamp with time zone,
    corrects_id uuid,
    written_by bytea,
    approved_by bytea,
    returned_because text DEFAULT ''::text NOT NULL,
    withdrawn_because text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    out_at timestamp with time zone,
    edition integer DEFAULT 1 NOT NULL,
    CONSTRAINT posts_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'returned'::text, 'scheduled'::text, 'out'::text, 'withdrawn'::text])))
);

CREATE SEQUENCE public.post_numbers
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.post_numbers OWNED BY public.posts.number;

CREATE TABLE public.public_events (
    id uuid NOT NULL,
    number bigint NOT NULL,
    authority_id uuid NOT NULL,
    content jsonb NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    starts_at timestamp with time zone,
    ends_at timestamp with time zone,
    over_at timestamp with time zone,
    registration_until timestamp with time zone,
    remind_at timestamp with time zone,
    reminded_at timestamp with time zone,
    capacity integer,
    taken integer DEFAULT 0 NOT NULL,
    sequence integer DEFAULT 0 NOT NULL,
    cancelled_because text DEFAULT ''::text NOT NULL,
    written_by bytea,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    published_at timestamp with time zone,
    people_deleted_at timestamp with time zone,
    CONSTRAINT public_events_cancelled CHECK (((state = 'cancelled'::text) = (cancelled_because <> ''::text))),
    CONSTRAINT public_events_capacity CHECK ((taken <= capacity)),
    CONSTRAINT public_events_capacity_check CHECK ((capacity > 0)),
    CONSTRAINT public_events_published CHECK (((state = 'draft'::text) OR ((starts_at IS NOT NULL) AND (over_at IS NOT NULL)))),
    CONSTRAINT public_events_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text, 'cancelled'::text]))),
    CONSTRAINT public_events_taken_check CHECK ((taken >= 0))
);

CREATE SEQUENCE public.public_event_numbers
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.public_event_numbers OWNED BY public.public_events.number;

CREATE TABLE public.questions (
    id bigint NOT NULL,
    thread_id uuid NOT NULL,
    authority_id uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    left_because text DEFAULT ''::text NOT NULL
);

ALTER TABLE public.questions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.questions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
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

CREATE TABLE public.registrations (
    id uuid NOT NULL,
    event_id uuid NOT NULL,
    state text NOT NULL,
    seats integer NOT NULL,
    has_seats boolean NOT NULL,
    email_key bytea,
    person bytea,
    sealed bytea,
    language text NOT NULL,
    held_until timestamp with time zone,
    waiting_since timestamp with time zone,
    is_from_door boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    checked_in_at timestamp with time zone,
    CONSTRAINT registrations_ended CHECK (((state = ANY (ARRAY['pending'::text, 'registered'::text, 'waiting'::text])) OR (sealed IS NULL))),
    CONSTRAINT registrations_pending CHECK (((state = 'pending'::text) = (held_until IS NOT NULL))),
    CONSTRAINT registrations_seats CHECK (((has_seats = (state = 'registered'::text)) OR (state = 'pending'::text))),
    CONSTRAINT registrations_seats_check CHECK ((seats > 0)),
    CONSTRAINT registrations_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'registered'::text, 'waiting'::text, 'cancelled'::text, 'removed'::text, 'expired'::text]))),
    CONSTRAINT registrations_waiting CHECK (((state = 'waiting'::text) = (waiting_since IS NOT NULL)))
);

CREATE TABLE public.replies (
    id uuid NOT NULL,
    thread_id uuid NOT NULL,
    item_id uuid NOT NULL,
    channel_id uuid NOT NULL,
    connector text NOT NULL,
    body text NOT NULL,
    written_by bytea,
    state text NOT NULL,
    task text,
    next_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    claimed_until timestamp with time zone,
    tries integer DEFAULT 0 NOT NULL,
    ref text DEFAULT ''::text NOT NULL,
    url text DEFAULT ''::text NOT NULL,
    error text DEFAULT ''::text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    published_at timestamp with time zone,
    CONSTRAINT replies_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sending'::text, 'published'::text, 'refused'::text, 'blocked'::text, 'unknown'::text, 'cancelled'::text]))),
    CONSTRAINT replies_task_check CHECK ((task = 'publish'::text))
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

CREATE TABLE public.thread_events (
    id uuid NOT NULL,
    thread_id uuid NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    what text NOT NULL,
    person bytea,
    detail text DEFAULT ''::text NOT NULL,
    note bytea
);

CREATE TABLE public.threads (
    id uuid NOT NULL,
    number bigint NOT NULL,
    channel_id uuid NOT NULL,
    authority_id uuid NOT NULL,
    kind text NOT NULL,
    platform_thread text NOT NULL,
    post_id uuid,
    state text NOT NULL,
    closed_because text DEFAULT ''::text NOT NULL,
    first_item uuid NOT NULL,
    last_item uuid NOT NULL,
    items integer DEFAULT 0 NOT NULL,
    last_at timestamp with time zone NOT NULL,
    waiting_since timestamp with time zone,
    due_at timestamp with time zone,
    assignee bytea,
    language text DEFAULT ''::text NOT NULL,
    topic text DEFAULT ''::text NOT NULL,
    tone text DEFAULT ''::text NOT NULL,
    proposed text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT threads_closed CHECK (((state = 'closed'::text) = (closed_because <> ''::text))),
    CONSTRAINT threads_closed_because_check CHECK ((closed_because = ANY (ARRAY[''::text, 'answered_elsewhere'::text, 'no_question'::text, 'spam'::text, 'left'::text, 'deleted'::text, 'before'::text]))),
    CONSTRAINT threads_kind_check CHECK ((kind = ANY (ARRAY['comment'::text, 'mention'::text, 'message'::text]))),
    CONSTRAINT threads_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'answered'::text, 'closed'::text]))),
    CONSTRAINT threads_tone_check CHECK ((tone = ANY (ARRAY[''::text, 'friendly'::text, 'neutral'::text, 'angry'::text]))),
    CONSTRAINT threads_waiting CHECK (((state = 'waiting'::text) = ((waiting_since IS NOT NULL) AND (due_at IS NOT NULL))))
);

CREATE SEQUENCE public.thread_numbers
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.thread_numbers OWNED BY public.threads.number;

ALTER TABLE ONLY public.posts ALTER COLUMN number SET DEFAULT nextval('public.post_numbers'::regclass);

ALTER TABLE ONLY public.public_events ALTER COLUMN number SET DEFAULT nextval('public.public_event_numbers'::regclass);

ALTER TABLE ONLY public.threads ALTER COLUMN number SET DEFAULT nextval('public.thread_numbers'::regclass);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.answer_targets
    ADD CONSTRAINT answer_targets_pkey PRIMARY KEY (authority_id);

ALTER TABLE ONLY public.askings
    ADD CONSTRAINT askings_pkey PRIMARY KEY (delivery_id, what);

ALTER TABLE ONLY public.bodies
    ADD CONSTRAINT bodies_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.canned_replies
    ADD CONSTRAINT canned_replies_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.channel_secrets
    ADD CONSTRAINT channel_secrets_pkey PRIMARY KEY (channel_id);

ALTER TABLE ONLY public.channel_sessions
    ADD CONSTRAINT channel_sessions_pkey PRIMARY KEY (channel_id);

ALTER TABLE ONLY public.channels
    ADD CONSTRAINT channels_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.connector_holds
    ADD CONSTRAINT connector_holds_pkey PRIMARY KEY (connector);

ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_pkey PRIMARY KEY (state_hash);

ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_pkey PRIMARY KEY (consumer, event_id);

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.editions
    ADD CONSTRAINT editions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.erased_visitors
    ADD CONSTRAINT erased_visitors_pkey PRIMARY KEY (person);

ALTER TABLE ONLY public.event_mails
    ADD CONSTRAINT event_mails_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.figures
    ADD CONSTRAINT figures_pkey PRIMARY KEY (account_id, metric, day);

ALTER TABLE ONLY public.hooks_seen
    ADD CONSTRAINT hooks_seen_pkey PRIMARY KEY (channel_id, digest);

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, event_id);

ALTER TABLE ONLY public.inboxes
    ADD CONSTRAINT inboxes_pkey PRIMARY KEY (channel_id);

ALTER TABLE ONLY public.item_contents
    ADD CONSTRAINT item_contents_pkey PRIMARY KEY (item_id, version);

ALTER TABLE ONLY public.items
    ADD CONSTRAINT items_channel_id_platform_id_key UNIQUE (channel_id, platform_id);

ALTER TABLE ONLY public.items
    ADD CONSTRAINT items_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.labels
    ADD CONSTRAINT labels_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.learned_models
    ADD CONSTRAINT learned_models_pkey PRIMARY KEY (authority_id, kind, language);

ALTER TABLE ONLY public.learning
    ADD CONSTRAINT learning_pkey PRIMARY KEY (authority_id);

ALTER TABLE ONLY public.media
    ADD CONSTRAINT media_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.officer_actions
    ADD CONSTRAINT officer_actions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox_streams
    ADD CONSTRAINT outbox_streams_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.permits
    ADD CONSTRAINT permits_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.poll_counts
    ADD CONSTRAINT poll_counts_pkey PRIMARY KEY (delivery_id);

ALTER TABLE ONLY public.post_figure_gaps
    ADD CONSTRAINT post_figure_gaps_pkey PRIMARY KEY (delivery_id, metric);

ALTER TABLE ONLY public.post_figures
    ADD CONSTRAINT post_figures_pkey PRIMARY KEY (delivery_id, metric, at);

ALTER TABLE ONLY public.post_history
    ADD CONSTRAINT post_history_pkey PRIMARY KEY (post_id, at);

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_number_key UNIQUE (number);

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.public_events
    ADD CONSTRAINT public_events_number_key UNIQUE (number);

ALTER TABLE ONLY public.public_events
    ADD CONSTRAINT public_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.rate_uses
    ADD CONSTRAINT rate_uses_pkey PRIMARY KEY (rule, key);

ALTER TABLE ONLY public.readings
    ADD CONSTRAINT readings_pkey PRIMARY KEY (register, part);

ALTER TABLE ONLY public.registrations
    ADD CONSTRAINT registrations_mailbox UNIQUE (event_id, email_key);

ALTER TABLE ONLY public.registrations
    ADD CONSTRAINT registrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.replies
    ADD CONSTRAINT replies_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.requests
    ADD CONSTRAINT requests_pkey PRIMARY KEY (caller, request_id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.thread_events
    ADD CONSTRAINT thread_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.threads
    ADD CONSTRAINT threads_number_key UNIQUE (number);

ALTER TABLE ONLY public.threads
    ADD CONSTRAINT threads_pkey PRIMARY KEY (id);

CREATE UNIQUE INDEX accounts_current ON public.accounts USING btree (body_id, platform, lower(handle)) WHERE (until_on IS NULL);

CREATE INDEX accounts_external_id ON public.accounts USING btree (platform, external_id) WHERE (external_id <> ''::text);

CREATE INDEX accounts_handle ON public.accounts USING btree (platform, lower(handle));

CREATE INDEX askings_due ON public.askings USING btree (next_at) WHERE (next_at IS NOT NULL);

CREATE UNIQUE INDEX bodies_key ON public.bodies USING btree (register, key) WHERE (register <> ''::text);

CREATE INDEX canned_replies_authority ON public.canned_replies USING btree (authority_id, language, title);

CREATE INDEX channel_secrets_to_renew ON public.channel_secrets USING btree (renew_at) WHERE (renew_at IS NOT NULL);

CREATE UNIQUE INDEX channels_account ON public.channels USING btree (connector, platform_id, server) WHERE (disconnected_at IS NULL);

CREATE INDEX channels_ask ON public.channels USING btree (ask_at) WHERE (disconnected_at IS NULL);

CREATE INDEX channels_authority ON public.channels USING btree (authority_id);

CREATE INDEX deliveries_channel ON public.deliveries USING btree (channel_id);

CREATE INDEX deliveries_due ON public.deliveries USING btree (connector, next_at) WHERE (task IS NOT NULL);

CREATE UNIQUE INDEX deliveries_once ON public.deliveries USING btree (post_id, channel_id) WHERE (state <> 'cancelled'::text);

CREATE UNIQUE INDEX editions_number ON public.editions USING btree (post_id, number) WHERE (state = 'out'::text);

CREATE UNIQUE INDEX editions_open ON public.editions USING btree (post_id) WHERE (state = ANY (ARRAY['draft'::text, 'submitted'::text, 'returned'::text]));

CREATE INDEX event_mails_due ON public.event_mails USING btree (next_at);

CREATE INDEX event_mails_registration ON public.event_mails USING btree (registration_id);

CREATE INDEX figures_day ON public.figures USING btree (metric, day);

CREATE INDEX hooks_seen_at ON public.hooks_seen USING btree (seen_at);

CREATE INDEX inbox_seen_at ON public.inbox USING btree (seen_at);

CREATE INDEX inboxes_due ON public.inboxes USING btree (next_at);

CREATE INDEX items_author ON public.items USING btree (channel_id, author_key);

CREATE INDEX items_searchable ON public.items USING gin (searchable);

CREATE INDEX items_thread ON public.items USING btree (thread_id, written_at);

CREATE INDEX labels_thread ON public.labels USING btree (thread_id, kind, id);

CREATE INDEX officer_actions_authority ON public.officer_actions USING btree (authority_id, id);

CREATE INDEX officer_actions_person ON public.officer_actions USING btree (person, id);

CREATE INDEX outbox_published ON public.outbox USING btree (published_at) WHERE (published_at IS NOT NULL);

CREATE INDEX outbox_stream_seq ON public.outbox USING btree (stream_seq) WHERE (stream_seq IS NOT NULL);

CREATE INDEX outbox_waiting ON public.outbox USING btree (created_at, id) WHERE (published_at IS NULL);

CREATE INDEX posts_authority ON public.posts USING btree (authority_id, changed_at DESC);

CREATE INDEX posts_out ON public.posts USING btree (out_at DESC) WHERE (out_at IS NOT NULL);

CREATE INDEX posts_scheduled ON public.posts USING btree (publish_at) WHERE (state = 'scheduled'::text);

CREATE INDEX public_events_authority ON public.public_events USING btree (authority_id, starts_at);

CREATE INDEX public_events_people ON public.public_events USING btree (over_at) WHERE ((people_deleted_at IS NULL) AND (state <> 'draft'::text));

CREATE INDEX public_events_remind ON public.public_events USING btree (remind_at) WHERE ((state = 'published'::text) AND (reminded_at IS NULL));

CREATE INDEX public_events_starts ON public.public_events USING btree (starts_at, id) WHERE (state <> 'draft'::text);

CREATE INDEX questions_asked ON public.questions USING btree (asked_at);

CREATE UNIQUE INDEX questions_open ON public.questions USING btree (thread_id) WHERE ((answered_at IS NULL) AND (left_because = ''::text));

CREATE INDEX rate_uses_ends_at ON public.rate_uses USING btree (ends_at);

CREATE INDEX registrations_event ON public.registrations USING btree (event_id, state);

CREATE INDEX registrations_held ON public.registrations USING btree (held_until) WHERE (state = 'pending'::text);

CREATE INDEX registrations_person ON public.registrations USING btree (person, id) WHERE (person IS NOT NULL);

CREATE INDEX replies_due ON public.replies USING btree (next_at) WHERE (task IS NOT NULL);

CREATE INDEX replies_ref ON public.replies USING btree (channel_id, ref) WHERE (ref <> ''::text);

CREATE INDEX replies_thread ON public.replies USING btree (thread_id);

CREATE INDEX requests_created_at ON public.requests USING btree (created_at);

CREATE INDEX standings_body ON public.standings USING btree (body_id, from_on);

CREATE UNIQUE INDEX standings_current ON public.standings USING btree (body_id) WHERE (until_on IS NULL);

CREATE INDEX thread_events_thread ON public.thread_events USING btree (thread_id, id);

CREATE INDEX threads_last ON public.threads USING btree (authority_id, last_at DESC);

CREATE UNIQUE INDEX threads_message ON public.threads USING btree (channel_id, platform_thread) WHERE (kind = 'message'::text);

CREATE INDEX threads_waiting ON public.threads USING btree (authority_id, due_at) WHERE (state = 'waiting'::text);

CREATE TRIGGER officer_actions_append_only BEFORE DELETE OR UPDATE ON public.officer_actions FOR EACH ROW EXECUTE FUNCTION public.keep_officer_actions();

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_body_id_fkey FOREIGN KEY (body_id) REFERENCES public.bodies(id);

ALTER TABLE ONLY public.askings
    ADD CONSTRAINT askings_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES public.deliveries(id);

ALTER TABLE ONLY public.channel_secrets
    ADD CONSTRAINT channel_secrets_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES public.channels(id);

ALTER TABLE ONLY public.channel_sessions
    ADD CONSTRAINT channel_sessions_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES public.channel_secrets(channel_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.consents
    ADD CONSTRAINT consents_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES public.channels(id);

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES public.channels(id);

ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id);

ALTER TABLE ONLY public.editions
    ADD CONSTRAINT editions_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id);

ALTER TABLE ONLY public.event_mails
    ADD CONSTRAINT event_mails_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.public_events(id);

ALTER TABLE ONLY public.event_mails
    ADD CONSTRAINT event_mails_registration_id_fkey FOREIGN KEY (registration_id) REFERENCES public.registrations(id);

ALTER TABLE ONLY public.figures
    ADD CONSTRAINT figures_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.accounts(id);

ALTER TABLE ONLY public.hooks_seen
    ADD CONSTRAINT hooks_seen_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES public.channels(id);

ALTER TABLE ONLY public.inboxes
    ADD CONSTRAINT inboxes_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES public.channels(id);

ALTER TABLE ONLY public.item_contents
    ADD CONSTRAINT item_contents_item_id_fkey FOREIGN KEY (item_id) REFERENCES public.items(id);

ALTER TABLE ONLY public.items
    ADD CONSTRAINT items_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES public.channels(id);

ALTER TABLE ONLY public.items
    ADD CONSTRAINT items_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES public.threads(id);

ALTER TABLE ONLY public.labels
    ADD CONSTRAINT labels_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES public.threads(id);

ALTER TABLE ONLY public.learned_models
    ADD CONSTRAINT learned_models_authority_id_fkey FOREIGN KEY (authority_id) REFERENCES public.learning(authority_id);

ALTER TABLE ONLY public.poll_counts
    ADD CONSTRAINT poll_counts_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES public.deliveries(id);

ALTER TABLE ONLY public.post_figure_gaps
    ADD CONSTRAINT post_figure_gaps_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES public.deliveries(id);

ALTER TABLE ONLY public.post_figures
    ADD CONSTRAINT post_figures_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES public.deliveries(id);

ALTER TABLE ONLY public.post_history
    ADD CONSTRAINT post_history_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_corrects_id_fkey FOREIGN KEY (corrects_id) REFERENCES public.posts(id);

ALTER TABLE ONLY public.questions
    ADD CONSTRAINT questions_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES public.threads(id);

ALTER TABLE ONLY public.registrations
    ADD CONSTRAINT registrations_event_id_fkey FOREIGN KEY (event_id) REFERENCES public.public_events(id);

ALTER TABLE ONLY public.replies
    ADD CONSTRAINT replies_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES public.channels(id);

ALTER TABLE ONLY public.replies
    ADD CONSTRAINT replies_item_id_fkey FOREIGN KEY (item_id) REFERENCES public.items(id);

ALTER TABLE ONLY public.replies
    ADD CONSTRAINT replies_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES public.threads(id);

ALTER TABLE ONLY public.standings
    ADD CONSTRAINT standings_body_id_fkey FOREIGN KEY (body_id) REFERENCES public.bodies(id);

ALTER TABLE ONLY public.standings
    ADD CONSTRAINT standings_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.bodies(id);

ALTER TABLE ONLY public.thread_events
    ADD CONSTRAINT thread_events_thread_id_fkey FOREIGN KEY (thread_id) REFERENCES public.threads(id);

ALTER TABLE ONLY public.threads
    ADD CONSTRAINT threads_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES public.channels(id);

ALTER TABLE ONLY public.threads
    ADD CONSTRAINT threads_post_id_fkey FOREIGN KEY (post_id) REFERENCES public.posts(id);
