-- What the migrations make, for reading: tables of the chassis and of the service.
-- Written by `UPDATE_SCHEMA=1 pytest -k schema`; a test holds it equal.


CREATE FUNCTION public.keep_officer_actions() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;

CREATE FUNCTION public.list_petition() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM listed_counts WHERE petition_id = OLD.id;
    ELSIF NEW.number IS NULL OR NEW.state NOT IN ('open', 'threshold_reached', 'closed', 'rejected') THEN
        DELETE FROM listed_counts WHERE petition_id = NEW.id;
    ELSE
        INSERT INTO listed_counts AS l (petition_id, count, changed_at, state, is_archived, authority_id, listed_at)
        VALUES (
            NEW.id, coalesce(NEW.stated_count, 0), NEW.updated_at, NEW.state, NEW.is_archived, NEW.authority_id,
            coalesce(NEW.opened_at, NEW.created_at, '-infinity')
        )
        ON CONFLICT (petition_id) DO UPDATE SET
            count = coalesce(NEW.stated_count, l.count), state = excluded.state, is_archived = excluded.is_archived,
            authority_id = excluded.authority_id, listed_at = excluded.listed_at;
    END IF;
    RETURN NULL;
END
$$;

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

CREATE TABLE public.answer_documents (
    petition_id uuid NOT NULL,
    version integer NOT NULL,
    "position" integer NOT NULL,
    document_id uuid NOT NULL,
    title jsonb NOT NULL
);

CREATE TABLE public.answer_drafts (
    petition_id uuid NOT NULL,
    version integer NOT NULL,
    content jsonb NOT NULL,
    corrects_version integer NOT NULL,
    officer bytea NOT NULL,
    saved_at timestamp with time zone NOT NULL
);

CREATE TABLE public.answer_templates (
    id uuid NOT NULL,
    authority_id uuid NOT NULL,
    name text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    texts jsonb NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone
);

CREATE TABLE public.answers (
    petition_id uuid NOT NULL,
    version integer NOT NULL,
    decision text NOT NULL,
    summary jsonb NOT NULL,
    reasons jsonb NOT NULL,
    signed_by text NOT NULL,
    correction_note jsonb NOT NULL,
    officer bytea NOT NULL,
    published_at timestamp with time zone NOT NULL,
    CONSTRAINT answers_check CHECK (((version = 1) = (correction_note = '{}'::jsonb))),
    CONSTRAINT answers_decision_check CHECK ((decision = ANY (ARRAY['accepted'::text, 'partly_accepted'::text, 'declined'::text, 'explained'::text]))),
    CONSTRAINT answers_version_check CHECK ((version >= 1))
);

CREATE TABLE public.case_claims (
    petition_id uuid NOT NULL,
    officer bytea NOT NULL,
    claimed_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.case_notes (
    id uuid NOT NULL,
    petition_id uuid NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    advice text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    answers uuid,
    officer bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT case_notes_advice_check CHECK ((advice = ANY (ARRAY[''::text, 'open'::text, 'reject'::text]))),
    CONSTRAINT case_notes_check CHECK (((kind = 'opinion'::text) = (answers IS NOT NULL))),
    CONSTRAINT case_notes_check1 CHECK (((kind = 'opinion'::text) = (advice <> ''::text))),
    CONSTRAINT case_notes_kind_check CHECK ((kind = ANY (ARRAY['note'::text, 'question'::text, 'opinion'::text])))
);

CREATE TABLE public.committee_members (
    id uuid NOT NULL,
    petition_id uuid NOT NULL,
    place smallint NOT NULL,
    member bytea NOT NULL,
    CONSTRAINT committee_members_place_check CHECK ((place >= 0))
);

CREATE TABLE public.complaint_decisions (
    complaint_id uuid NOT NULL,
    is_upheld boolean NOT NULL,
    text text NOT NULL,
    language text NOT NULL,
    officer bytea NOT NULL,
    decided_at timestamp with time zone NOT NULL
);

CREATE TABLE public.complaints (
    id uuid NOT NULL,
    rejection_id uuid NOT NULL,
    petition_id uuid NOT NULL,
    text text NOT NULL,
    made_at timestamp with time zone NOT NULL
);

CREATE TABLE public.confirmed_authors (
    petition_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    name text NOT NULL,
    register_number text NOT NULL,
    confirmed_at timestamp with time zone NOT NULL
);

CREATE TABLE public.count_hours (
    petition_id uuid NOT NULL,
    hour timestamp with time zone NOT NULL,
    count bigint NOT NULL
);

CREATE TABLE public.count_hours_until (
    is_only boolean DEFAULT true NOT NULL,
    until timestamp with time zone NOT NULL,
    CONSTRAINT count_hours_until_is_only_check CHECK (is_only)
);

CREATE TABLE public.count_minutes (
    petition_id uuid NOT NULL,
    minute timestamp with time zone NOT NULL,
    shard smallint NOT NULL,
    count bigint NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE public.count_minutes_against (
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

CREATE TABLE public.deadline_extensions (
    petition_id uuid NOT NULL,
    clock text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    former jsonb NOT NULL,
    reason jsonb NOT NULL,
    officer bytea NOT NULL,
    extended_at timestamp with time zone NOT NULL
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

CREATE TABLE public.documents (
    id uuid NOT NULL,
    petition_id uuid NOT NULL,
    file_name text NOT NULL,
    media_type text NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 text NOT NULL,
    officer bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    removed_at timestamp with time zone,
    CONSTRAINT documents_size_bytes_check CHECK ((size_bytes > 0))
);

CREATE TABLE public.drafts_written (
    petition_id uuid NOT NULL,
    officer bytea NOT NULL,
    authority_id uuid NOT NULL,
    written_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.email_links (
    signature_id uuid NOT NULL,
    petition_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE TABLE public.erased (
    author bytea NOT NULL,
    followings bytea NOT NULL,
    names bytea NOT NULL,
    hides_name boolean NOT NULL,
    erased_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.first_signers (
    petition_id uuid NOT NULL,
    signer bytea NOT NULL,
    assurance text NOT NULL,
    residence text[] NOT NULL,
    CONSTRAINT first_signers_signer_check CHECK ((octet_length(signer) = 32))
);

CREATE TABLE public.followers (
    petition_id uuid NOT NULL,
    follower bytea NOT NULL,
    CONSTRAINT followers_follower_check CHECK ((octet_length(follower) = 32))
);

CREATE TABLE public.followings (
    person bytea NOT NULL,
    petition_id uuid NOT NULL,
    CONSTRAINT followings_person_check CHECK ((octet_length(person) = 32))
);

CREATE TABLE public.happenings (
    id uuid NOT NULL,
    petition_id uuid NOT NULL,
    event text NOT NULL,
    at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    officer bytea,
    detail text DEFAULT ''::text NOT NULL
);

CREATE TABLE public.hearings (
    petition_id uuid NOT NULL,
    version integer NOT NULL,
    hearing integer NOT NULL,
    title jsonb NOT NULL,
    held_at timestamp with time zone NOT NULL,
    place jsonb NOT NULL,
    watch_url text NOT NULL,
    outcome jsonb NOT NULL,
    transcript_url text NOT NULL,
    video_url text NOT NULL,
    is_cancelled boolean NOT NULL,
    note jsonb NOT NULL,
    officer bytea NOT NULL,
    published_at timestamp with time zone NOT NULL,
    CONSTRAINT hearings_check CHECK (((NOT is_cancelled) OR (outcome = '{}'::jsonb))),
    CONSTRAINT hearings_hearing_check CHECK ((hearing >= 1)),
    CONSTRAINT hearings_version_check CHECK ((version >= 1))
);

CREATE TABLE public.inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.invalidation_items (
    invalidation_id uuid NOT NULL,
    place integer NOT NULL,
    signature_id uuid NOT NULL
);

CREATE TABLE public.invalidation_progress (
    invalidation_id uuid NOT NULL,
    state text DEFAULT 'running'::text NOT NULL,
    place integer DEFAULT 0 NOT NULL,
    moved bigint DEFAULT 0 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT invalidation_progress_state_check CHECK ((state = ANY (ARRAY['running'::text, 'cancelled'::text, 'done'::text])))
)
WITH (fillfactor='70');

CREATE TABLE public.invalidations (
    id uuid NOT NULL,
    petition_id uuid NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    note jsonb NOT NULL,
    filter jsonb NOT NULL,
    cutoff_at timestamp with time zone NOT NULL,
    signatures bigint NOT NULL,
    undoes uuid,
    officer bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT invalidations_kind_check CHECK ((kind = ANY (ARRAY['invalidated'::text, 'fraudulent'::text]))),
    CONSTRAINT invalidations_signatures_check CHECK ((signatures > 0))
);

CREATE TABLE public.listed_counts (
    petition_id uuid NOT NULL,
    count bigint NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    is_archived boolean DEFAULT false NOT NULL,
    authority_id uuid,
    listed_at timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL
);

CREATE TABLE public.mailboxes (
    petition_id uuid NOT NULL,
    mailbox_index bytea NOT NULL,
    slot smallint NOT NULL,
    signature_id uuid NOT NULL,
    CONSTRAINT mailboxes_slot_check CHECK ((slot >= 0))
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

CREATE TABLE public.paper_batches (
    id uuid NOT NULL,
    petition_id uuid NOT NULL,
    reference text NOT NULL,
    signatures integer NOT NULL,
    territory_code text NOT NULL,
    received_on date NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    officer bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT paper_batches_signatures_check CHECK (((signatures >= 1) AND (signatures <= 10000)))
);

CREATE TABLE public.pause_ends (
    pause_id uuid NOT NULL,
    officer bytea,
    ended_at timestamp with time zone NOT NULL
);

CREATE TABLE public.pauses (
    id uuid NOT NULL,
    authority_id uuid NOT NULL,
    authorities uuid[] NOT NULL,
    from_at timestamp with time zone NOT NULL,
    until_at timestamp with time zone NOT NULL,
    reason jsonb NOT NULL,
    stops_signing boolean NOT NULL,
    stops_opening boolean NOT NULL,
    excepted uuid[] NOT NULL,
    officer bytea,
    decided_at timestamp with time zone NOT NULL,
    CONSTRAINT pauses_check CHECK ((until_at > from_at)),
    CONSTRAINT pauses_check1 CHECK ((stops_signing OR stops_opening))
);

CREATE TABLE public.pending_contacts (
    signature_id uuid NOT NULL,
    contact bytea NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    is_against boolean DEFAULT false NOT NULL
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
    text_hidden boolean DEFAULT false NOT NULL,
    author_kind text DEFAULT 'person'::text NOT NULL,
    organisation_name text DEFAULT ''::text NOT NULL,
    organisation_number text DEFAULT ''::text NOT NULL,
    author_role text DEFAULT ''::text NOT NULL,
    founded_on date,
    founding_place text DEFAULT ''::text NOT NULL,
    sponsors integer DEFAULT 0 NOT NULL,
    sponsored_at timestamp with time zone,
    CONSTRAINT petitions_archived CHECK ((is_archived = (source_key IS NOT NULL))),
    CONSTRAINT petitions_author_kind CHECK ((author_kind = ANY (ARRAY['person'::text, 'organisation'::text, 'committee'::text]))),
    CONSTRAINT petitions_begun CHECK ((is_archived OR ((state = ANY (ARRAY['open'::text, 'threshold_reached'::text, 'closed'::text])) = ((opened_at IS NOT NULL) AND (terms IS NOT NULL))) OR ((state = ANY (ARRAY['sponsoring'::text, 'submitted'::text, 'rejected'::text])) AND (opened_at IS NULL)))),
    CONSTRAINT petitions_check CHECK ((is_archived OR ((source_url IS NULL) AND (created_at IS NOT NULL)))),
    CONSTRAINT petitions_check1 CHECK ((is_archived = (stated_count IS NOT NULL))),
    CONSTRAINT petitions_check2 CHECK ((is_archived OR ((authority_id IS NOT NULL) AND (author IS NOT NULL)))),
    CONSTRAINT petitions_hidden CHECK (((NOT text_hidden) OR (state = ANY (ARRAY['submitted'::text, 'rejected'::text])))),
    CONSTRAINT petitions_number_check CHECK ((number > 0)),
    CONSTRAINT petitions_numbered CHECK ((is_archived OR (state = 'submitted'::text) OR ((state = ANY (ARRAY['draft'::text, 'sponsoring'::text])) = (number IS NULL)))),
    CONSTRAINT petitions_sponsoring CHECK (((state <> 'sponsoring'::text) OR ((terms IS NOT NULL) AND (sponsored_at IS NULL)))),
    CONSTRAINT petitions_sponsors CHECK ((sponsors >= 0)),
    CONSTRAINT petitions_state CHECK ((state = ANY (ARRAY['draft'::text, 'sponsoring'::text, 'submitted'::text, 'open'::text, 'threshold_reached'::text, 'closed'::text, 'rejected'::text]))),
    CONSTRAINT petitions_stated_count_check CHECK ((stated_count >= 0))
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
    petition_id uuid NOT NULL,
    counted bigint NOT NULL,
    published bigint NOT NULL,
    minutes bigint NOT NULL,
    corrections jsonb NOT NULL,
    is_mended boolean NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    is_against boolean DEFAULT false NOT NULL
);

CREATE TABLE public.rejections (
    id uuid NOT NULL,
    petition_id uuid NOT NULL,
    reason text NOT NULL,
    rule jsonb NOT NULL,
    note text NOT NULL,
    language text NOT NULL,
    duplicate_of bigint,
    hides_text boolean NOT NULL,
    officer bytea NOT NULL,
    rejected_at timestamp with time zone NOT NULL,
    CONSTRAINT rejections_duplicate_of_check CHECK ((duplicate_of > 0))
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

CREATE TABLE public.signature_traces (
    signature_id uuid NOT NULL,
    petition_id uuid NOT NULL,
    network text NOT NULL,
    mail_domain text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE TABLE public.signature_transitions (
    signature_id uuid NOT NULL,
    step smallint NOT NULL,
    state text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT signature_transitions_state CHECK ((state = ANY (ARRAY['pending'::text, 'validated'::text, 'expired'::text, 'invalidated'::text, 'fraudulent'::text]))),
    CONSTRAINT signature_transitions_step_check CHECK ((step >= 0))
);

CREATE TABLE public.signatures (
    id uuid NOT NULL,
    petition_id uuid NOT NULL,
    channel text NOT NULL,
    territory_code text NOT NULL,
    assurance text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    paper_batch_id uuid,
    CONSTRAINT signatures_channel CHECK ((channel = ANY (ARRAY['person'::text, 'email'::text, 'paper'::text]))),
    CONSTRAINT signatures_on_paper CHECK (((channel = 'paper'::text) = (paper_batch_id IS NOT NULL)))
);

CREATE TABLE public.signer_names (
    signature_id uuid NOT NULL,
    petition_id uuid NOT NULL,
    person bytea NOT NULL,
    name bytea NOT NULL,
    name_from text NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    CONSTRAINT signer_names_person_check CHECK ((octet_length(person) = 32))
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

CREATE TABLE public.sponsor_invitations (
    id uuid NOT NULL,
    petition_id uuid NOT NULL,
    mailbox_index bytea NOT NULL,
    contact bytea,
    expires_at timestamp with time zone NOT NULL
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
    count bigint NOT NULL,
    channel text NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE public.tallies_against (
    petition_id uuid NOT NULL,
    territory_code text NOT NULL,
    channel text NOT NULL,
    shard smallint NOT NULL,
    count bigint NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE public.threshold_reversals (
    id uuid NOT NULL,
    petition_id uuid NOT NULL,
    threshold text NOT NULL,
    reached_at timestamp with time zone NOT NULL,
    signatures bigint NOT NULL,
    body jsonb NOT NULL,
    reversed_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.thresholds_reached (
    petition_id uuid NOT NULL,
    threshold text NOT NULL,
    signatures bigint NOT NULL,
    reached_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.votes_against (
    id uuid NOT NULL,
    petition_id uuid NOT NULL,
    channel text NOT NULL,
    territory_code text NOT NULL,
    assurance text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT votes_against_channel CHECK ((channel = ANY (ARRAY['person'::text, 'email'::text])))
);

CREATE TABLE public.workflow_settings (
    authority_id uuid NOT NULL,
    workflow text NOT NULL,
    settings jsonb NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.answer_documents
    ADD CONSTRAINT answer_documents_pkey PRIMARY KEY (petition_id, version, "position");

ALTER TABLE ONLY public.answer_drafts
    ADD CONSTRAINT answer_drafts_pkey PRIMARY KEY (petition_id);

ALTER TABLE ONLY public.answer_templates
    ADD CONSTRAINT answer_templates_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.answers
    ADD CONSTRAINT answers_version PRIMARY KEY (petition_id, version);

ALTER TABLE ONLY public.case_claims
    ADD CONSTRAINT case_claims_pkey PRIMARY KEY (petition_id);

ALTER TABLE ONLY public.case_notes
    ADD CONSTRAINT case_notes_answered_once UNIQUE (answers);

ALTER TABLE ONLY public.case_notes
    ADD CONSTRAINT case_notes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.committee_members
    ADD CONSTRAINT committee_members_once UNIQUE (petition_id, place);

ALTER TABLE ONLY public.committee_members
    ADD CONSTRAINT committee_members_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.complaint_decisions
    ADD CONSTRAINT complaint_decisions_once PRIMARY KEY (complaint_id);

ALTER TABLE ONLY public.complaints
    ADD CONSTRAINT complaints_once UNIQUE (rejection_id);

ALTER TABLE ONLY public.complaints
    ADD CONSTRAINT complaints_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.confirmed_authors
    ADD CONSTRAINT confirmed_authors_pkey PRIMARY KEY (petition_id);

ALTER TABLE ONLY public.count_hours
    ADD CONSTRAINT count_hours_pkey PRIMARY KEY (petition_id, hour);

ALTER TABLE ONLY public.count_hours_until
    ADD CONSTRAINT count_hours_until_pkey PRIMARY KEY (is_only);

ALTER TABLE ONLY public.count_minutes_against
    ADD CONSTRAINT count_minutes_against_pkey PRIMARY KEY (petition_id, minute, shard);

ALTER TABLE ONLY public.count_minutes
    ADD CONSTRAINT count_minutes_pkey PRIMARY KEY (petition_id, minute, shard);

ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_pkey PRIMARY KEY (consumer, event_id);

ALTER TABLE ONLY public.deadline_extensions
    ADD CONSTRAINT deadline_extensions_once PRIMARY KEY (petition_id, clock, started_at);

ALTER TABLE ONLY public.deadlines
    ADD CONSTRAINT deadlines_pkey PRIMARY KEY (petition_id, clock);

ALTER TABLE ONLY public.documents
    ADD CONSTRAINT documents_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.drafts_written
    ADD CONSTRAINT drafts_written_pkey PRIMARY KEY (petition_id);

ALTER TABLE ONLY public.email_links
    ADD CONSTRAINT email_links_pkey PRIMARY KEY (signature_id);

ALTER TABLE ONLY public.erased
    ADD CONSTRAINT erased_pkey PRIMARY KEY (author);

ALTER TABLE ONLY public.first_signers
    ADD CONSTRAINT first_signers_pkey PRIMARY KEY (petition_id);

ALTER TABLE ONLY public.followers
    ADD CONSTRAINT followers_pkey PRIMARY KEY (petition_id, follower);

ALTER TABLE ONLY public.followings
    ADD CONSTRAINT followings_pkey PRIMARY KEY (person, petition_id);

ALTER TABLE ONLY public.happenings
    ADD CONSTRAINT happenings_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.hearings
    ADD CONSTRAINT hearings_version PRIMARY KEY (petition_id, version);

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, event_id);

ALTER TABLE ONLY public.invalidation_items
    ADD CONSTRAINT invalidation_items_pkey PRIMARY KEY (invalidation_id, place);

ALTER TABLE ONLY public.invalidation_progress
    ADD CONSTRAINT invalidation_progress_pkey PRIMARY KEY (invalidation_id);

ALTER TABLE ONLY public.invalidations
    ADD CONSTRAINT invalidations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.invalidations
    ADD CONSTRAINT invalidations_undone_once UNIQUE (undoes);

ALTER TABLE ONLY public.listed_counts
    ADD CONSTRAINT listed_counts_pkey PRIMARY KEY (petition_id);

ALTER TABLE ONLY public.mailboxes
    ADD CONSTRAINT mailboxes_rule PRIMARY KEY (petition_id, mailbox_index, slot);

ALTER TABLE ONLY public.mailboxes
    ADD CONSTRAINT mailboxes_signature_id_key UNIQUE (signature_id);

ALTER TABLE ONLY public.officer_actions
    ADD CONSTRAINT officer_actions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox_streams
    ADD CONSTRAINT outbox_streams_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.paper_batches
    ADD CONSTRAINT paper_batches_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.paper_batches
    ADD CONSTRAINT paper_batches_reference UNIQUE (petition_id, reference);

ALTER TABLE ONLY public.pause_ends
    ADD CONSTRAINT pause_ends_once PRIMARY KEY (pause_id);

ALTER TABLE ONLY public.pauses
    ADD CONSTRAINT pauses_pkey PRIMARY KEY (id);

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

ALTER TABLE ONLY public.recount_nights
    ADD CONSTRAINT recount_nights_pkey PRIMARY KEY (day);

ALTER TABLE ONLY public.recounts
    ADD CONSTRAINT recounts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.rejections
    ADD CONSTRAINT rejections_pkey PRIMARY KEY (id);

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

ALTER TABLE ONLY public.signer_names
    ADD CONSTRAINT signer_names_pkey PRIMARY KEY (signature_id);

ALTER TABLE ONLY public.signers
    ADD CONSTRAINT signers_once PRIMARY KEY (petition_id, signer);

ALTER TABLE ONLY public.signers
    ADD CONSTRAINT signers_request UNIQUE (request_id);

ALTER TABLE ONLY public.snapshot_parts
    ADD CONSTRAINT snapshot_parts_pkey PRIMARY KEY (day, file_name, part);

ALTER TABLE ONLY public.snapshots
    ADD CONSTRAINT snapshots_once PRIMARY KEY (day, file_name);

ALTER TABLE ONLY public.sponsor_invitations
    ADD CONSTRAINT sponsor_invitations_once UNIQUE (petition_id, mailbox_index);

ALTER TABLE ONLY public.sponsor_invitations
    ADD CONSTRAINT sponsor_invitations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.stated_counts
    ADD CONSTRAINT stated_counts_pkey PRIMARY KEY (petition_id, day);

ALTER TABLE ONLY public.tallies_against
    ADD CONSTRAINT tallies_against_pkey PRIMARY KEY (petition_id, territory_code, channel, shard);

ALTER TABLE ONLY public.tallies
    ADD CONSTRAINT tallies_pkey PRIMARY KEY (petition_id, territory_code, channel, shard);

ALTER TABLE ONLY public.threshold_reversals
    ADD CONSTRAINT threshold_reversals_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.thresholds_reached
    ADD CONSTRAINT thresholds_reached_pkey PRIMARY KEY (petition_id, threshold);

ALTER TABLE ONLY public.votes_against
    ADD CONSTRAINT votes_against_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.workflow_settings
    ADD CONSTRAINT workflow_settings_pkey PRIMARY KEY (authority_id, workflow);

CREATE INDEX answer_documents_document ON public.answer_documents USING btree (document_id);

CREATE UNIQUE INDEX answer_templates_name ON public.answer_templates USING btree (authority_id, name) WHERE (deleted_at IS NULL);

CREATE INDEX case_notes_petition ON public.case_notes USING btree (petition_id, at, id);

CREATE INDEX case_notes_questions ON public.case_notes USING btree (petition_id) WHERE (kind = 'question'::text);

CREATE INDEX complaints_petition ON public.complaints USING btree (petition_id, made_at DESC, id DESC);

CREATE INDEX deadlines_unmet ON public.deadlines USING btree (petition_id) WHERE (met_at IS NULL);

CREATE INDEX documents_created ON public.documents USING btree (created_at);

CREATE INDEX documents_petition ON public.documents USING btree (petition_id, id);

CREATE INDEX drafts_written_at ON public.drafts_written USING btree (written_at);

CREATE INDEX email_links_expires_at ON public.email_links USING btree (expires_at);

CREATE INDEX erased_at ON public.erased USING btree (erased_at);

CREATE UNIQUE INDEX happenings_once ON public.happenings USING btree (petition_id, event) WHERE (event = ANY (ARRAY['handed_over'::text, 'verified'::text, 'consideration_started'::text, 'answered'::text, 'taken_as_appeal'::text]));

CREATE INDEX happenings_petition ON public.happenings USING btree (petition_id, at, id);

CREATE INDEX inbox_seen_at ON public.inbox USING btree (seen_at);

CREATE INDEX invalidation_progress_running ON public.invalidation_progress USING btree (updated_at) WHERE (state = 'running'::text);

CREATE INDEX invalidations_petition ON public.invalidations USING btree (petition_id, created_at, id);

CREATE INDEX listed_counts_authority ON public.listed_counts USING btree (authority_id, state) WHERE (authority_id IS NOT NULL);

CREATE INDEX listed_counts_count ON public.listed_counts USING btree (count DESC, petition_id DESC) INCLUDE (state, is_archived);

CREATE INDEX listed_counts_recent ON public.listed_counts USING btree (listed_at DESC, petition_id DESC) INCLUDE (state, is_archived);

CREATE INDEX listed_counts_state ON public.listed_counts USING btree (state, is_archived, count DESC, petition_id DESC);

CREATE INDEX officer_actions_authority ON public.officer_actions USING btree (authority_id, id);

CREATE INDEX officer_actions_person ON public.officer_actions USING btree (person, id);

CREATE INDEX outbox_published ON public.outbox USING btree (published_at) WHERE (published_at IS NOT NULL);

CREATE INDEX outbox_stream_seq ON public.outbox USING btree (stream_seq) WHERE (stream_seq IS NOT NULL);

CREATE INDEX outbox_waiting ON public.outbox USING btree (created_at, id) WHERE (published_at IS NULL);

CREATE INDEX pauses_until ON public.pauses USING btree (until_at);

CREATE INDEX pending_contacts_expires_at ON public.pending_contacts USING btree (expires_at);

CREATE INDEX petitions_author ON public.petitions USING btree (author, updated_at DESC) WHERE (author IS NOT NULL);

CREATE INDEX petitions_authority ON public.petitions USING btree (authority_id, COALESCE(opened_at, created_at, '-infinity'::timestamp with time zone) DESC) WHERE (number IS NOT NULL);

CREATE INDEX petitions_collecting ON public.petitions USING btree (closes_at) WHERE ((state = ANY (ARRAY['open'::text, 'threshold_reached'::text])) AND (NOT is_archived));

CREATE INDEX petitions_recent ON public.petitions USING btree (COALESCE(opened_at, created_at, '-infinity'::timestamp with time zone) DESC, id DESC) WHERE (number IS NOT NULL);

CREATE INDEX petitions_searchable ON public.petitions USING gin (searchable);

CREATE INDEX petitions_submitted ON public.petitions USING btree (submitted_at, id) WHERE (state = 'submitted'::text);

CREATE INDEX petitions_titles ON public.petitions USING gin (public.title_trigrams(searchable)) WHERE (number IS NOT NULL);

CREATE INDEX rate_uses_ends_at ON public.rate_uses USING btree (ends_at);

CREATE INDEX recounts_at ON public.recounts USING btree (at DESC, id DESC);

CREATE INDEX recounts_petition ON public.recounts USING btree (petition_id, at DESC);

CREATE INDEX rejections_petition ON public.rejections USING btree (petition_id, rejected_at DESC, id DESC);

CREATE INDEX requests_created_at ON public.requests USING btree (created_at);

CREATE INDEX signature_traces_at ON public.signature_traces USING brin (at) WITH (pages_per_range='16', autosummarize='on');

CREATE INDEX signatures_created_at ON public.signatures USING brin (created_at) WITH (pages_per_range='32', autosummarize='on');

CREATE INDEX signatures_paper ON public.signatures USING btree (paper_batch_id) WHERE (paper_batch_id IS NOT NULL);

CREATE INDEX signer_names_order ON public.signer_names USING btree (petition_id, signed_at, signature_id);

CREATE INDEX signer_names_person ON public.signer_names USING btree (person);

CREATE INDEX sponsor_invitations_expires_at ON public.sponsor_invitations USING btree (expires_at);

CREATE INDEX threshold_reversals_petition ON public.threshold_reversals USING btree (petition_id, reversed_at, id);

CREATE INDEX votes_against_created_at ON public.votes_against USING brin (created_at) WITH (pages_per_range='32', autosummarize='on');

CREATE TRIGGER answer_documents_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.answer_documents FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER answers_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.answers FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER case_notes_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.case_notes FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER complaint_decisions_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.complaint_decisions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER complaints_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.complaints FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER deadline_extensions_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.deadline_extensions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER drafts_written_immutable BEFORE UPDATE OR TRUNCATE ON public.drafts_written FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER happenings_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.happenings FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER hearings_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.hearings FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER invalidations_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.invalidations FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER officer_actions_append_only BEFORE DELETE OR UPDATE ON public.officer_actions FOR EACH ROW EXECUTE FUNCTION public.keep_officer_actions();

CREATE TRIGGER paper_batches_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.paper_batches FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER pause_ends_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.pause_ends FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER pauses_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.pauses FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER petitions_listed AFTER INSERT OR DELETE OR UPDATE OF number, state, is_archived, authority_id, opened_at, created_at, stated_count ON public.petitions FOR EACH ROW EXECUTE FUNCTION public.list_petition();

CREATE TRIGGER recounts_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.recounts FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER rejections_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.rejections FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER signature_transitions_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.signature_transitions FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER signatures_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON public.signatures FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER signers_immutable BEFORE UPDATE ON public.signers FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER snapshot_parts_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON public.snapshot_parts FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER snapshots_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON public.snapshots FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER snapshots_stamped BEFORE INSERT ON public.snapshots FOR EACH ROW EXECUTE FUNCTION public.stamp_snapshot();

CREATE TRIGGER threshold_reversals_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.threshold_reversals FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER votes_against_immutable BEFORE DELETE OR UPDATE OR TRUNCATE ON public.votes_against FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE ONLY public.answer_documents
    ADD CONSTRAINT answer_documents_document_id_fkey FOREIGN KEY (document_id) REFERENCES public.documents(id);

ALTER TABLE ONLY public.answer_documents
    ADD CONSTRAINT answer_documents_petition_id_version_fkey FOREIGN KEY (petition_id, version) REFERENCES public.answers(petition_id, version);

ALTER TABLE ONLY public.confirmed_authors
    ADD CONSTRAINT confirmed_authors_petition_id_fkey FOREIGN KEY (petition_id) REFERENCES public.petitions(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.drafts_written
    ADD CONSTRAINT drafts_written_petition_id_fkey FOREIGN KEY (petition_id) REFERENCES public.petitions(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.invalidation_progress
    ADD CONSTRAINT invalidation_progress_invalidation_id_fkey FOREIGN KEY (invalidation_id) REFERENCES public.invalidations(id);

ALTER TABLE ONLY public.invalidations
    ADD CONSTRAINT invalidations_undoes_fkey FOREIGN KEY (undoes) REFERENCES public.invalidations(id);

ALTER TABLE ONLY public.pause_ends
    ADD CONSTRAINT pause_ends_pause_id_fkey FOREIGN KEY (pause_id) REFERENCES public.pauses(id);

ALTER TABLE ONLY public.snapshot_parts
    ADD CONSTRAINT snapshot_parts_day_file_name_fkey FOREIGN KEY (day, file_name) REFERENCES public.snapshots(day, file_name) DEFERRABLE INITIALLY DEFERRED;
