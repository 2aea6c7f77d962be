-- What the migrations make, for reading: tables of the chassis and of the service.
-- Written by `UPDATE_SCHEMA=1 pytest -k schema`; a test holds it equal.


CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'rows of % never change', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;

CREATE FUNCTION public.stamp_snapshot() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.written_at := now();
    RETURN NEW;
END
$$;

CREATE FUNCTION public.title_trigrams(searchable tsvector) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT COST 1000 PARALLEL SAFE
    AS $$
    SELECT array_agg(DISTINCT substr(form, place, 3))
    FROM (
        SELECT ' ' || translate(word, 'іыїйёэєґьъ', 'ииииееег') AS form
        FROM unnest(tsvector_to_array(ts_filter(searchable, '{a}'))) AS word
    ) AS forms, generate_series(1, greatest(1, length(form) - 2)) AS place
$$;

CREATE TABLE public.count_minutes (
    petition_id uuid NOT NULL,
    minute timestamp with time zone NOT NULL,
    shard smallint NOT NULL,
    count bigint NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE public.dead_letters (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    subject text NOT NULL,
    payload bytea NOT NULL,
    error text NOT NULL,
    attempts integer NOT NULL,
    died_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.deadlines (
    petition_id uuid NOT NULL,
    clock text NOT NULL,
    event text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    body jsonb NOT NULL,
    met_at timestamp with time zone
);

CREATE TABLE public.email_links (
    signature_id uuid NOT NULL,
    petition_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE public.happenings (
    id uuid NOT NULL,
    petition_id uuid NOT NULL,
    event text NOT NULL,
    at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    officer bytea
);

CREATE TABLE public.inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.listed_counts (
    petition_id uuid NOT NULL,
    count bigint NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.mailboxes (
    petition_id uuid NOT NULL,
    mailbox_index bytea NOT NULL,
    slot smallint NOT NULL,
    signature_id uuid NOT NULL,
    CONSTRAINT mailboxes_slot_check CHECK ((slot >= 0))
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

CREATE TABLE public.pending_contacts (
    signature_id uuid NOT NULL,
    contact bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE public.petitions (
    id uuid NOT NULL,
    number bigint,
    state text NOT NULL,
    title text NOT NULL,
    background text DEFAULT ''::text NOT NULL,
    details text DEFAULT ''::text NOT NULL,
    language text NOT NULL,
    authority_id uuid,
    author bytea,
    author_name text DEFAULT ''::text NOT NULL,
    workflow text DEFAULT ''::text NOT NULL,
    terms jsonb,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now(),
    submitted_at timestamp with time zone,
    opened_at timestamp with time zone,
    closes_at timestamp with time zone,
    closed_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    searchable tsvector NOT NULL,
    is_archived boolean DEFAULT false NOT NULL,
    source_url text,
    source_state text DEFAULT ''::text NOT NULL,
    stated_count bigint,
    source_key text,
    source_name text DEFAULT ''::text NOT NULL,
    source_licence text DEFAULT ''::text NOT NULL,
    source_facts jsonb,
    stated_territories jsonb,
    imported_at timestamp with time zone,
    CONSTRAINT petitions_archived CHECK ((is_archived = (source_key IS NOT NULL))),
    CONSTRAINT petitions_begun CHECK ((is_archived OR ((state = ANY (ARRAY['open'::text, 'threshold_reached'::text, 'closed'::text])) = ((opened_at IS NOT NULL) AND (terms IS NOT NULL))) OR ((state = ANY (ARRAY['sponsoring'::text, 'submitted'::text, 'rejected'::text])) AND (opened_at IS NULL)))),
    CONSTRAINT petitions_check CHECK ((is_archived OR ((source_url IS NULL) AND (created_at IS NOT NULL)))),
    CONSTRAINT petitions_check1 CHECK ((is_archived = (stated_count IS NOT NULL))),
    CONSTRAINT petitions_check2 CHECK ((is_archived OR ((authority_id IS NOT NULL) AND (author IS NOT NULL)))),
    CONSTRAINT petitions_number_check CHECK ((number > 0)),
    CONSTRAINT petitions_numbered CHECK ((is_archived OR ((state = ANY (ARRAY['draft'::text, 'sponsoring'::text, 'submitted'::text])) = (number IS NULL)))),
    CONSTRAINT petitions_state CHECK ((state = ANY (ARRAY['draft'::text, 'sponsoring'::text, 'submitted'::text, 'open'::text, 'threshold_reached'::text, 'closed'::text, 'rejected'::text]))),
    CONSTRAINT petitions_stated_count_check CHECK ((stated_count >= 0))
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

CREATE TABLE public.residences (
    territory_code text NOT NULL,
    path text[] NOT NULL
);

CREATE TABLE public.schema_migrations (
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.signature_transitions (
    signature_id uuid NOT NULL,
    step smallint NOT NULL,
    state text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT signature_transitions_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'validated'::text, 'expired'::text]))),
    CONSTRAINT signature_transitions_step_check CHECK ((step >= 0))
);

CREATE TABLE public.signatures (
    id uuid NOT NULL,
    petition_id uuid NOT NULL,
    channel text NOT NULL,
    territory_code text NOT NULL,
    assurance text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT signatures_channel_check CHECK ((channel = ANY (ARRAY['person'::text, 'email'::text])))
);

CREATE TABLE public.signers (
    petition_id uuid NOT NULL,
    signer bytea NOT NULL,
    signature_id uuid NOT NULL,
    request_id uuid,
    CONSTRAINT signers_signer_check CHECK ((octet_length(signer) = 32))
);

CREATE TABLE public.snapshot_parts (
    day date NOT NULL,
    file_name text NOT NULL,
    part integer NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT snapshot_parts_part_check CHECK ((part >= 0))
);
ALTER TABLE ONLY public.snapshot_parts ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE public.snapshots (
    day date NOT NULL,
    file_name text NOT NULL,
    zone text NOT NULL,
    written_at timestamp with time zone DEFAULT now() NOT NULL,
    size_bytes bigint NOT NULL,
    zipped_bytes bigint NOT NULL,
    sha256 text NOT NULL,
    petitions bigint NOT NULL,
    parts integer NOT NULL,
    CONSTRAINT snapshots_of_their_day CHECK ((day = ((written_at AT TIME ZONE zone))::date)),
    CONSTRAINT snapshots_parts_check CHECK ((parts > 0)),
    CONSTRAINT snapshots_petitions_check CHECK ((petitions >= 0)),
    CONSTRAINT snapshots_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT snapshots_size_bytes_check CHECK ((size_bytes >= 0)),
    CONSTRAINT snapshots_zipped_bytes_check CHECK ((zipped_bytes >= 0))
);

CREATE TABLE public.stated_counts (
    petition_id uuid NOT NULL,
    day date NOT NULL,
    count bigint NOT NULL,
    CONSTRAINT stated_counts_count_check CHECK ((count >= 0))
);

CREATE TABLE public.tallies (
    petition_id uuid NOT NULL,
    territory_code text NOT NULL,
    shard smallint NOT NULL,
    count bigint NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE public.thresholds_reached (
    petition_id uuid NOT NULL,
    threshold text NOT NULL,
    signatures bigint NOT NULL,
    reached_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.workflow_settings (
    authority_id uuid NOT NULL,
    workflow text NOT NULL,
    settings jsonb NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.count_minutes
    ADD CONSTRAINT count_minutes_pkey PRIMARY KEY (petition_id, minute, shard);

ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_pkey PRIMARY KEY (consumer, event_id);

ALTER TABLE ONLY public.deadlines
    ADD CONSTRAINT deadlines_pkey PRIMARY KEY (petition_id, clock);

ALTER TABLE ONLY public.email_links
    ADD CONSTRAINT email_links_pkey PRIMARY KEY (signature_id);

ALTER TABLE ONLY public.happenings
    ADD CONSTRAINT happenings_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, event_id);

ALTER TABLE ONLY public.listed_counts
    ADD CONSTRAINT listed_counts_pkey PRIMARY KEY (petition_id);

ALTER TABLE ONLY public.mailboxes
    ADD CONSTRAINT mailboxes_rule PRIMARY KEY (petition_id, mailbox_index, slot);

ALTER TABLE ONLY public.mailboxes
    ADD CONSTRAINT mailboxes_signature_id_key UNIQUE (signature_id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox_streams
    ADD CONSTRAINT outbox_streams_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.pending_contacts
    ADD CONSTRAINT pending_contacts_pkey PRIMARY KEY (signature_id);

ALTER TABLE ONLY public.petitions
    ADD CONSTRAINT petitions_number_key UNIQUE (number);

ALTER TABLE ONLY public.petitions
    ADD CONSTRAINT petitions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.petitions
    ADD CONSTRAINT petitions_source_key UNIQUE (source_key);

ALTER TABLE ONLY public.rate_uses
    ADD CONSTRAINT rate_uses_pkey PRIMARY KEY (rule, key);

ALTER TABLE ONLY public.requests
    ADD CONSTRAINT requests_pkey PRIMARY KEY (caller, request_id);

ALTER TABLE ONLY public.residences
    ADD CONSTRAINT residences_pkey PRIMARY KEY (territory_code);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.signature_transitions
    ADD CONSTRAINT signature_transitions_pkey PRIMARY KEY (signature_id, step);

ALTER TABLE ONLY public.signatures
    ADD CONSTRAINT signatures_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.signers
    ADD CONSTRAINT signers_once PRIMARY KEY (petition_id, signer);

ALTER TABLE ONLY public.signers
    ADD CONSTRAINT signers_request UNIQUE (request_id);

ALTER TABLE ONLY public.snapshot_parts
    ADD CONSTRAINT snapshot_parts_pkey PRIMARY KEY (day, file_name, part);

ALTER TABLE ONLY public.snapshots
    ADD CONSTRAINT snapshots_once PRIMARY KEY (day, file_name);

ALTER TABLE ONLY public.stated_counts
    ADD CONSTRAINT stated_counts_pkey PRIMARY KEY (petition_id, day);

ALTER TABLE ONLY public.tallies
    ADD CONSTRAINT tallies_pkey PRIMARY KEY (petition_id, territory_code, shard);

ALTER TABLE ONLY public.thresholds_reached
    ADD CONSTRAINT thresholds_reached_pkey PRIMARY KEY (petition_id, threshold);

ALTER TABLE ONLY public.workflow_settings
    ADD CONSTRAINT workflow_settings_pkey PRIMARY KEY (authority_id, workflow);

CREATE INDEX email_links_expires_at ON public.email_links USING btree (expires_at);

CREATE INDEX happenings_petition ON public.happenings USING btree (petition_id, at, id);

CREATE INDEX inbox_seen_at ON public.inbox USING btree (seen_at);

CREATE INDEX listed_counts_count ON public.listed_counts USING btree (count DESC, petition_id DESC);

CREATE INDEX outbox_published ON public.outbox USING btree (published_at) WHERE (published_at IS NOT NULL);

CREATE INDEX outbox_stream_seq ON public.outbox USING btree (stream_seq) WHERE (stream_seq IS NOT NULL);

CREATE INDEX outbox_waiting ON public.outbox USING btree (created_at, id) WHERE (published_at IS NULL);

CREATE INDEX pending_contacts_expires_at ON public.pending_contacts USING btree (expires_at);

CREATE INDEX petitions_author ON public.petitions USING btree (author, updated_at DESC) WHERE (author IS NOT NULL);

CREATE INDEX petitions_authority ON public.petitions USING btree (authority_id, COALESCE(opened_at, created_at, '-infinity'::timestamp with time zone) DESC) WHERE (number IS NOT NULL);

CREATE INDEX petitions_collecting ON public.petitions USING btree (closes_at) WHERE ((state = ANY (ARRAY['open'::text, 'threshold_reached'::text])) AND (NOT is_archived));

CREATE INDEX petitions_recent ON public.petitions USING btree (COALESCE(opened_at, created_at, '-infinity'::timestamp with time zone) DESC, id DESC) WHERE (number IS NOT NULL);

CREATE INDEX petitions_searchable ON public.petitions USING gin (searchable);

CREATE INDEX petitions_submitted ON public.petitions USING btree (submitted_at, id) WHERE (state = 'submitted'::text);

CREATE INDEX petitions_titles ON public.petitions USING gin (public.title_trigrams(searchable)) WHERE (number IS NOT NULL);

CREATE INDEX rate_uses_ends_at ON public.rate_uses USING btree (ends_at);

CREATE INDEX requests_created_at ON public.requests USING btree (created_at);

CREATE TRIGGER happenings_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.happenings FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER signature_transitions_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.signature_transitions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER signatures_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON public.signatures FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER signers_immutable BEFORE UPDATE ON public.signers FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER snapshot_parts_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON public.snapshot_parts FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER snapshots_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON public.snapshots FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER snapshots_stamped BEFORE INSERT ON public.snapshots FOR EACH ROW EXECUTE FUNCTION public.stamp_snapshot();

ALTER TABLE ONLY public.snapshot_parts
    ADD CONSTRAINT snapshot_parts_day_file_name_fkey FOREIGN KEY (day, file_name) REFERENCES public.snapshots(day, file_name) DEFERRABLE INITIALLY DEFERRED;
