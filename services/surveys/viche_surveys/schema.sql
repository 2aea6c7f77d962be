-- What the migrations make, for reading: tables of the chassis and of the service.
-- Written by `UPDATE_SCHEMA=1 pytest -k schema`; a test holds it equal.


CREATE FUNCTION public.keep_officer_actions() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;

CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'rows of % never change', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TABLE public.dead_letters (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    subject text NOT NULL,
    payload bytea NOT NULL,
    error text NOT NULL,
    attempts integer NOT NULL,
    died_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.drafts (
    id uuid NOT NULL,
    survey_id uuid NOT NULL,
    version integer NOT NULL,
    edition bigint DEFAULT 1 NOT NULL,
    answers bytea NOT NULL,
    page text DEFAULT ''::text NOT NULL,
    language text NOT NULL,
    seed bigint NOT NULL,
    partner_id uuid,
    respondent bytea,
    erased_by bytea,
    invitation_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    saved_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT drafts_erased_by_check CHECK ((octet_length(erased_by) = 32)),
    CONSTRAINT drafts_person CHECK (((respondent IS NULL) = (erased_by IS NULL))),
    CONSTRAINT drafts_respondent_check CHECK ((octet_length(respondent) = 32))
);

CREATE TABLE public.erased (
    erased_by bytea NOT NULL,
    erased_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT erased_erased_by_check CHECK ((octet_length(erased_by) = 32))
);

CREATE TABLE public.exports (
    id uuid NOT NULL,
    survey_id uuid NOT NULL,
    format text NOT NULL,
    language text NOT NULL,
    with_personal boolean NOT NULL,
    file_name text NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    claim uuid,
    claimed_until timestamp with time zone,
    written bigint DEFAULT 0 NOT NULL,
    total bigint DEFAULT 0 NOT NULL,
    size_bytes bigint DEFAULT 0 NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    expires_at timestamp with time zone,
    removed_at timestamp with time zone,
    CONSTRAINT exports_claim CHECK (((state <> 'running'::text) OR ((claim IS NOT NULL) AND (claimed_until IS NOT NULL)))),
    CONSTRAINT exports_ended CHECK (((state = ANY (ARRAY['queued'::text, 'running'::text])) = (ended_at IS NULL))),
    CONSTRAINT exports_expires CHECK (((state <> 'done'::text) OR (expires_at IS NOT NULL))),
    CONSTRAINT exports_format_check CHECK ((format = ANY (ARRAY['csv'::text, 'xlsx'::text, 'sav'::text, 'parquet'::text, 'json'::text]))),
    CONSTRAINT exports_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text, 'expired'::text])))
);

CREATE TABLE public.files (
    id uuid NOT NULL,
    survey_id uuid NOT NULL,
    question text NOT NULL,
    file_name bytea NOT NULL,
    media_type text NOT NULL,
    size_bytes bigint NOT NULL,
    is_personal boolean NOT NULL,
    is_uploaded boolean DEFAULT false NOT NULL,
    response_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    removed_at timestamp with time zone,
    CONSTRAINT files_size_bytes_check CHECK ((size_bytes > 0))
);

CREATE TABLE public.form_origins (
    survey_id uuid NOT NULL,
    filename text NOT NULL,
    format text NOT NULL,
    questions integer NOT NULL,
    changed jsonb NOT NULL,
    refused jsonb NOT NULL,
    read_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT form_origins_questions_check CHECK ((questions >= 0))
);

CREATE TABLE public.inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.invitations (
    id uuid NOT NULL,
    survey_id uuid NOT NULL,
    secret_hash bytea NOT NULL,
    is_used boolean DEFAULT false NOT NULL,
    CONSTRAINT invitations_secret_hash_check CHECK ((octet_length(secret_hash) = 32))
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

CREATE TABLE public.polls (
    survey_id uuid NOT NULL,
    platform text NOT NULL,
    poll_id text NOT NULL,
    url text DEFAULT ''::text NOT NULL,
    question text DEFAULT ''::text NOT NULL,
    voters bigint DEFAULT 0 NOT NULL,
    options jsonb NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    CONSTRAINT polls_voters_check CHECK ((voters >= 0))
);

CREATE TABLE public.publications (
    survey_id uuid NOT NULL,
    partner_id uuid NOT NULL,
    responses bigint NOT NULL,
    body jsonb NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT publications_responses_check CHECK ((responses >= 0))
);

CREATE TABLE public.quota_reservations (
    survey_id uuid NOT NULL,
    quota text NOT NULL,
    holder uuid NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE public.quotas (
    survey_id uuid NOT NULL,
    quota text NOT NULL,
    most bigint NOT NULL,
    taken bigint DEFAULT 0 NOT NULL,
    CONSTRAINT quotas_full CHECK (((taken >= 0) AND (taken <= most)))
);

CREATE TABLE public.rate_uses (
    rule text NOT NULL,
    key bytea NOT NULL,
    uses integer NOT NULL,
    ends_at timestamp with time zone NOT NULL
);

CREATE TABLE public.recount_nights (
    day date NOT NULL,
    done_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.recounts (
    id uuid NOT NULL,
    survey_id uuid NOT NULL,
    responses bigint NOT NULL,
    differences jsonb NOT NULL,
    is_mended boolean NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE TABLE public.requests (
    caller text NOT NULL,
    request_id uuid NOT NULL,
    body_hash bytea NOT NULL,
    response bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.respondents (
    survey_id uuid NOT NULL,
    respondent bytea NOT NULL,
    response_id uuid NOT NULL,
    erased_by bytea NOT NULL,
    CONSTRAINT respondents_erased_by_check CHECK ((octet_length(erased_by) = 32)),
    CONSTRAINT respondents_respondent_check CHECK ((octet_length(respondent) = 32))
);

CREATE TABLE public.response_private (
    survey_id uuid NOT NULL,
    response_id uuid NOT NULL,
    answers bytea NOT NULL
);

CREATE TABLE public.responses (
    survey_id uuid NOT NULL,
    id uuid NOT NULL,
    request_id uuid NOT NULL,
    body_hash bytea NOT NULL,
    version integer NOT NULL,
    answers jsonb NOT NULL,
    language text NOT NULL,
    channel text NOT NULL,
    partner_id uuid,
    territory_code text DEFAULT ''::text NOT NULL,
    assurance text DEFAULT ''::text NOT NULL,
    seed bigint,
    accepted_at timestamp with time zone DEFAULT now() NOT NULL,
    source text DEFAULT ''::text NOT NULL,
    given_at timestamp with time zone,
    CONSTRAINT responses_body_hash_check CHECK ((octet_length(body_hash) = 32)),
    CONSTRAINT responses_channel_check CHECK ((channel = ANY (ARRAY['portal'::text, 'embed'::text, 'api'::text, 'import'::text]))),
    CONSTRAINT responses_imported CHECK (((channel = 'import'::text) OR ((source = ''::text) AND (given_at IS NULL))))
);

CREATE TABLE public.schema_migrations (
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.snapshots (
    survey_id uuid NOT NULL,
    parts jsonb DEFAULT '[]'::jsonb NOT NULL,
    taken_at timestamp with time zone,
    is_settled boolean DEFAULT false NOT NULL,
    claim uuid,
    claimed_until timestamp with time zone
);

CREATE TABLE public.survey_versions (
    survey_id uuid NOT NULL,
    version integer NOT NULL,
    definition jsonb NOT NULL,
    summary jsonb NOT NULL,
    made_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT survey_versions_version_check CHECK ((version >= 1))
);

CREATE TABLE public.surveys (
    id uuid NOT NULL,
    number bigint,
    state text DEFAULT 'draft'::text NOT NULL,
    authority_id uuid NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    edition bigint DEFAULT 1 NOT NULL,
    admission text NOT NULL,
    assurance text DEFAULT ''::text NOT NULL,
    territory_code text DEFAULT ''::text NOT NULL,
    results text NOT NULL,
    k integer NOT NULL,
    is_listed boolean NOT NULL,
    needs_human_check boolean NOT NULL,
    opens_at timestamp with time zone,
    closes_at timestamp with time zone,
    opened_at timestamp with time zone,
    closed_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT surveys_admission_check CHECK ((admission = ANY (ARRAY['open'::text, 'link'::text, 'person'::text]))),
    CONSTRAINT surveys_assurance_check CHECK ((assurance = ANY (ARRAY[''::text, 'email'::text, 'substantial'::text, 'high'::text]))),
    CONSTRAINT surveys_closed CHECK (((state = 'closed'::text) = (closed_at IS NOT NULL))),
    CONSTRAINT surveys_k_check CHECK ((k >= 5)),
    CONSTRAINT surveys_number CHECK (((state = 'draft'::text) OR (number IS NOT NULL))),
    CONSTRAINT surveys_number_check CHECK ((number > 0)),
    CONSTRAINT surveys_opened CHECK (((state = ANY (ARRAY['open'::text, 'closed'::text])) = (opened_at IS NOT NULL))),
    CONSTRAINT surveys_results_check CHECK ((results = ANY (ARRAY['live'::text, 'closed'::text, 'never'::text]))),
    CONSTRAINT surveys_scheduled CHECK (((state <> 'scheduled'::text) OR (opens_at IS NOT NULL))),
    CONSTRAINT surveys_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'scheduled'::text, 'open'::text, 'closed'::text]))),
    CONSTRAINT surveys_version_check CHECK ((version >= 1))
);

CREATE TABLE public.tallies (
    survey_id uuid NOT NULL,
    question text NOT NULL,
    row_code text NOT NULL,
    code text NOT NULL,
    partner_id uuid NOT NULL,
    shard smallint NOT NULL,
    count bigint NOT NULL,
    total numeric,
    squares numeric,
    "least" numeric,
    most numeric
)
WITH (fillfactor='70');

ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_pkey PRIMARY KEY (consumer, event_id);

ALTER TABLE ONLY public.drafts
    ADD CONSTRAINT drafts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.erased
    ADD CONSTRAINT erased_pkey PRIMARY KEY (erased_by);

ALTER TABLE ONLY public.exports
    ADD CONSTRAINT exports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.files
    ADD CONSTRAINT files_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.form_origins
    ADD CONSTRAINT form_origins_pkey PRIMARY KEY (survey_id);

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, event_id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT invitations_secret UNIQUE (secret_hash);

ALTER TABLE ONLY public.officer_actions
    ADD CONSTRAINT officer_actions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox_streams
    ADD CONSTRAINT outbox_streams_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.polls
    ADD CONSTRAINT polls_pkey PRIMARY KEY (survey_id, platform, poll_id);

ALTER TABLE ONLY public.publications
    ADD CONSTRAINT publications_pkey PRIMARY KEY (survey_id, partner_id);

ALTER TABLE ONLY public.quota_reservations
    ADD CONSTRAINT quota_reservations_pkey PRIMARY KEY (survey_id, quota, holder);

ALTER TABLE ONLY public.quotas
    ADD CONSTRAINT quotas_pkey PRIMARY KEY (survey_id, quota);

ALTER TABLE ONLY public.rate_uses
    ADD CONSTRAINT rate_uses_pkey PRIMARY KEY (rule, key);

ALTER TABLE ONLY public.recount_nights
    ADD CONSTRAINT recount_nights_pkey PRIMARY KEY (day);

ALTER TABLE ONLY public.recounts
    ADD CONSTRAINT recounts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.requests
    ADD CONSTRAINT requests_pkey PRIMARY KEY (caller, request_id);

ALTER TABLE ONLY public.respondents
    ADD CONSTRAINT respondents_once PRIMARY KEY (survey_id, respondent);

ALTER TABLE ONLY public.response_private
    ADD CONSTRAINT response_private_pkey PRIMARY KEY (survey_id, response_id);

ALTER TABLE ONLY public.responses
    ADD CONSTRAINT responses_pkey PRIMARY KEY (survey_id, id);

ALTER TABLE ONLY public.responses
    ADD CONSTRAINT responses_request UNIQUE (survey_id, request_id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.snapshots
    ADD CONSTRAINT snapshots_pkey PRIMARY KEY (survey_id);

ALTER TABLE ONLY public.survey_versions
    ADD CONSTRAINT survey_versions_pkey PRIMARY KEY (survey_id, version);

ALTER TABLE ONLY public.surveys
    ADD CONSTRAINT surveys_number_key UNIQUE (number);

ALTER TABLE ONLY public.surveys
    ADD CONSTRAINT surveys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tallies
    ADD CONSTRAINT tallies_pkey PRIMARY KEY (survey_id, question, row_code, code, partner_id, shard);

CREATE INDEX drafts_erased_by ON public.drafts USING btree (erased_by) WHERE (erased_by IS NOT NULL);

CREATE INDEX drafts_expires_at ON public.drafts USING btree (expires_at);

CREATE INDEX drafts_respondent ON public.drafts USING btree (survey_id, respondent) WHERE (respondent IS NOT NULL);

CREATE INDEX drafts_survey ON public.drafts USING btree (survey_id);

CREATE INDEX erased_at ON public.erased USING btree (erased_at);

CREATE INDEX exports_ended_at ON public.exports USING btree (ended_at) WHERE ((removed_at IS NULL) AND (state = ANY (ARRAY['failed'::text, 'cancelled'::text, 'expired'::text])));

CREATE INDEX exports_expires_at ON public.exports USING btree (expires_at) WHERE (state = 'done'::text);

CREATE INDEX exports_survey ON public.exports USING btree (survey_id, created_at DESC, id DESC);

CREATE INDEX exports_waiting ON public.exports USING btree (created_at, id) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));

CREATE INDEX files_response ON public.files USING btree (survey_id, response_id) WHERE (response_id IS NOT NULL);

CREATE INDEX files_unused ON public.files USING btree (created_at) WHERE ((response_id IS NULL) OR (removed_at IS NOT NULL));

CREATE INDEX inbox_seen_at ON public.inbox USING btree (seen_at);

CREATE INDEX invitations_survey ON public.invitations USING btree (survey_id, is_used);

CREATE INDEX officer_actions_authority ON public.officer_actions USING btree (authority_id, id);

CREATE INDEX officer_actions_person ON public.officer_actions USING btree (person, id);

CREATE INDEX outbox_published ON public.outbox USING btree (published_at) WHERE (published_at IS NOT NULL);

CREATE INDEX outbox_stream_seq ON public.outbox USING btree (stream_seq) WHERE (stream_seq IS NOT NULL);

CREATE INDEX outbox_waiting ON public.outbox USING btree (created_at, id) WHERE (published_at IS NULL);

CREATE INDEX quota_reservations_expires_at ON public.quota_reservations USING btree (expires_at);

CREATE INDEX quota_reservations_holder ON public.quota_reservations USING btree (holder);

CREATE INDEX rate_uses_ends_at ON public.rate_uses USING btree (ends_at);

CREATE INDEX recounts_survey ON public.recounts USING btree (survey_id, at DESC);

CREATE INDEX requests_created_at ON public.requests USING btree (created_at);

CREATE INDEX respondents_erased_by ON public.respondents USING btree (erased_by);

CREATE INDEX surveys_closed_at ON public.surveys USING btree (closed_at DESC, id DESC) WHERE (state = 'closed'::text);

CREATE INDEX surveys_office ON public.surveys USING btree (authority_id, updated_at DESC, id DESC);

CREATE INDEX surveys_open ON public.surveys USING btree (COALESCE(closes_at, 'infinity'::timestamp with time zone), id) WHERE (state = 'open'::text);

CREATE INDEX surveys_scheduled_at ON public.surveys USING btree (opens_at) WHERE (state = 'scheduled'::text);

CREATE TRIGGER officer_actions_append_only BEFORE DELETE OR UPDATE ON public.officer_actions FOR EACH ROW EXECUTE FUNCTION public.keep_officer_actions();

CREATE TRIGGER recounts_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.recounts FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER respondents_immutable BEFORE UPDATE ON public.respondents FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER responses_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.responses FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE ONLY public.form_origins
    ADD CONSTRAINT form_origins_survey_id_fkey FOREIGN KEY (survey_id) REFERENCES public.surveys(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.polls
    ADD CONSTRAINT polls_survey_id_fkey FOREIGN KEY (survey_id) REFERENCES public.surveys(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.snapshots
    ADD CONSTRAINT snapshots_survey_id_fkey FOREIGN KEY (survey_id) REFERENCES public.surveys(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.survey_versions
    ADD CONSTRAINT survey_versions_survey_id_fkey FOREIGN KEY (survey_id) REFERENCES public.surveys(id) ON DELETE CASCADE;
