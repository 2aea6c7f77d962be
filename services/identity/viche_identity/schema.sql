-- What the migrations make, for reading: tables of the chassis and of the service.
-- Written by `UPDATE_SCHEMA=1 pytest -k schema`; a test holds it equal.


CREATE FUNCTION public.keep_erasures() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;

CREATE FUNCTION public.keep_notices() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;

CREATE FUNCTION public.keep_officer_actions() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;

CREATE TABLE public.authorities (
    id uuid NOT NULL,
    slug text NOT NULL,
    parent_slug text,
    name jsonb NOT NULL,
    territory_code text NOT NULL,
    level text DEFAULT ''::text NOT NULL,
    CONSTRAINT authorities_level_check CHECK ((level = ANY (ARRAY[''::text, 'union'::text, 'national'::text, 'region'::text, 'municipality'::text])))
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

CREATE TABLE public.erasure_requests (
    person_id uuid NOT NULL,
    requested_at timestamp with time zone DEFAULT now() NOT NULL,
    due_at timestamp with time zone NOT NULL,
    hides_name boolean NOT NULL
);

CREATE TABLE public.erasures (
    id uuid NOT NULL,
    person_hash bytea NOT NULL,
    erased_at timestamp with time zone NOT NULL,
    hides_name boolean NOT NULL,
    CONSTRAINT erasures_person_hash_check CHECK ((octet_length(person_hash) = 32))
);

CREATE TABLE public.grants (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    role text NOT NULL,
    authority_id uuid NOT NULL,
    from_at timestamp with time zone DEFAULT now() NOT NULL,
    until_at timestamp with time zone,
    given_until_at timestamp with time zone,
    CONSTRAINT grants_check CHECK ((until_at >= from_at)),
    CONSTRAINT grants_check1 CHECK ((given_until_at > from_at)),
    CONSTRAINT grants_role_check CHECK ((role = ANY (ARRAY['officer'::text, 'operator'::text, 'moderator'::text, 'press'::text])))
);

CREATE TABLE public.inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.notices (
    "position" bigint NOT NULL,
    kind text NOT NULL,
    texts jsonb NOT NULL,
    link text NOT NULL,
    until_at timestamp with time zone,
    is_end boolean NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT notices_kind_check CHECK ((kind = ANY (ARRAY['banner'::text, 'maintenance'::text])))
);

ALTER TABLE public.notices ALTER COLUMN "position" ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.notices_position_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
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

CREATE TABLE public.organisation_invitations (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    role text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_by uuid,
    used_at timestamp with time zone,
    CONSTRAINT organisation_invitations_role_check CHECK ((role = ANY (ARRAY['representative'::text, 'member'::text])))
);

CREATE TABLE public.organisation_members (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    person_id uuid NOT NULL,
    role text NOT NULL,
    from_at timestamp with time zone DEFAULT now() NOT NULL,
    until_at timestamp with time zone,
    CONSTRAINT organisation_members_role_check CHECK ((role = ANY (ARRAY['representative'::text, 'member'::text])))
);

CREATE TABLE public.organisations (
    id uuid NOT NULL,
    name text NOT NULL,
    register_number text NOT NULL,
    kind text NOT NULL,
    authority_id uuid NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    asked_at timestamp with time zone DEFAULT now() NOT NULL,
    decided_at timestamp with time zone,
    CONSTRAINT organisations_check CHECK (((state = 'waiting'::text) = (decided_at IS NULL))),
    CONSTRAINT organisations_kind_check CHECK ((kind = ANY (ARRAY['association'::text, 'company'::text, 'institution'::text, 'other'::text]))),
    CONSTRAINT organisations_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'confirmed'::text, 'refused'::text])))
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

CREATE TABLE public.partner_origins (
    origin text NOT NULL,
    partner_id uuid NOT NULL
);

CREATE TABLE public.partners (
    id uuid NOT NULL,
    name text NOT NULL,
    authority_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    archived_at timestamp with time zone,
    link_hash bytea,
    link_made_at timestamp with time zone,
    CONSTRAINT partners_check CHECK (((link_hash IS NULL) = (link_made_at IS NULL))),
    CONSTRAINT partners_check1 CHECK (((archived_at IS NULL) OR (link_hash IS NULL))),
    CONSTRAINT partners_link_hash_check CHECK ((length(link_hash) = 32))
);

CREATE TABLE public.passkey_challenges (
    token_hash bytea NOT NULL,
    challenge bytea NOT NULL,
    purpose text NOT NULL,
    person_id uuid,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT passkey_challenges_check CHECK (((purpose <> 'register'::text) OR (person_id IS NOT NULL))),
    CONSTRAINT passkey_challenges_purpose_check CHECK ((purpose = ANY (ARRAY['register'::text, 'sign_in'::text]))),
    CONSTRAINT passkey_challenges_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

CREATE TABLE public.passkey_handles (
    person_id uuid NOT NULL,
    handle bytea NOT NULL,
    CONSTRAINT passkey_handles_handle_check CHECK ((octet_length(handle) = 32))
);

CREATE TABLE public.passkeys (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    credential_id bytea NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    transports text[] DEFAULT '{}'::text[] NOT NULL,
    name bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone,
    CONSTRAINT passkeys_credential_id_check CHECK (((octet_length(credential_id) >= 1) AND (octet_length(credential_id) <= 1023))),
    CONSTRAINT passkeys_sign_count_check CHECK ((sign_count >= 0))
);

CREATE TABLE public.pending_connections (
    link_id uuid NOT NULL,
    browser_hash bytea NOT NULL,
    person_id uuid,
    provider text DEFAULT ''::text NOT NULL,
    subject bytea,
    assurance text DEFAULT 'email'::text NOT NULL,
    asked_at timestamp with time zone,
    name bytea DEFAULT '\x'::bytea NOT NULL,
    residence_code text DEFAULT ''::text NOT NULL,
    CONSTRAINT pending_connections_browser_hash_check CHECK ((octet_length(browser_hash) = 32)),
    CONSTRAINT pending_connections_check CHECK (((person_id IS NULL) = (subject IS NOT NULL))),
    CONSTRAINT pending_connections_subject_check CHECK ((octet_length(subject) = 32))
);

CREATE TABLE public.person_details (
    person_id uuid NOT NULL,
    email bytea NOT NULL,
    name bytea NOT NULL
);

CREATE TABLE public.person_mailboxes (
    mailbox bytea NOT NULL,
    person_id uuid NOT NULL
);

CREATE TABLE public.persons (
    id uuid NOT NULL,
    assurance text NOT NULL,
    residence_code text,
    language text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT persons_assurance_check CHECK ((assurance = ANY (ARRAY['email'::text, 'substantial'::text, 'high'::text])))
);

CREATE TABLE public.provider_connections (
    id uuid NOT NULL,
    subject bytea NOT NULL,
    person_id uuid NOT NULL,
    provider text NOT NULL,
    connected_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone DEFAULT now() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT provider_connections_subject_check CHECK ((octet_length(subject) = 32))
);

CREATE TABLE public.provider_visits (
    id uuid NOT NULL,
    provider text NOT NULL,
    purpose text NOT NULL,
    browser_hash bytea NOT NULL,
    person_id uuid,
    language text NOT NULL,
    return_path text NOT NULL,
    began_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT provider_visits_browser_hash_check CHECK ((octet_length(browser_hash) = 32)),
    CONSTRAINT provider_visits_check CHECK (((purpose = 'sign_in'::text) = (person_id IS NULL))),
    CONSTRAINT provider_visits_purpose_check CHECK ((purpose = ANY (ARRAY['sign_in'::text, 'connect'::text, 'confirm'::text])))
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

CREATE TABLE public.sessions (
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    person_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    device text DEFAULT ''::text NOT NULL,
    confirmed_at timestamp with time zone DEFAULT now() NOT NULL,
    assurance text DEFAULT 'email'::text NOT NULL,
    signed_in_by text DEFAULT 'email'::text NOT NULL,
    CONSTRAINT sessions_assurance_check CHECK ((assurance = ANY (ARRAY['email'::text, 'substantial'::text, 'high'::text]))),
    CONSTRAINT sessions_signed_in_by_check CHECK ((signed_in_by <> ''::text))
);

CREATE TABLE public.sign_in_link_details (
    link_id uuid NOT NULL,
    email bytea NOT NULL
);

CREATE TABLE public.sign_in_links (
    id uuid NOT NULL,
    language text NOT NULL,
    return_path text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.territories (
    code text NOT NULL,
    parent_code text,
    name jsonb NOT NULL,
    path text[] DEFAULT '{}'::text[] NOT NULL,
    population bigint DEFAULT 0 NOT NULL,
    CONSTRAINT territories_population_check CHECK ((population >= 0))
);

ALTER TABLE ONLY public.authorities
    ADD CONSTRAINT authorities_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.authorities
    ADD CONSTRAINT authorities_slug_key UNIQUE (slug);

ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_pkey PRIMARY KEY (consumer, event_id);

ALTER TABLE ONLY public.erasure_requests
    ADD CONSTRAINT erasure_requests_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_person_hash_key UNIQUE (person_hash);

ALTER TABLE ONLY public.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, event_id);

ALTER TABLE ONLY public.notices
    ADD CONSTRAINT notices_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY public.officer_actions
    ADD CONSTRAINT officer_actions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.organisation_invitations
    ADD CONSTRAINT organisation_invitations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.organisation_members
    ADD CONSTRAINT organisation_members_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.organisations
    ADD CONSTRAINT organisations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox_streams
    ADD CONSTRAINT outbox_streams_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.partner_origins
    ADD CONSTRAINT partner_origins_pkey PRIMARY KEY (origin);

ALTER TABLE ONLY public.partners
    ADD CONSTRAINT partners_link_hash_key UNIQUE (link_hash);

ALTER TABLE ONLY public.partners
    ADD CONSTRAINT partners_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.passkey_challenges
    ADD CONSTRAINT passkey_challenges_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.passkey_handles
    ADD CONSTRAINT passkey_handles_handle_key UNIQUE (handle);

ALTER TABLE ONLY public.passkey_handles
    ADD CONSTRAINT passkey_handles_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY public.passkeys
    ADD CONSTRAINT passkeys_credential_id_key UNIQUE (credential_id);

ALTER TABLE ONLY public.passkeys
    ADD CONSTRAINT passkeys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.pending_connections
    ADD CONSTRAINT pending_connections_pkey PRIMARY KEY (link_id);

ALTER TABLE ONLY public.person_details
    ADD CONSTRAINT person_details_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY public.person_mailboxes
    ADD CONSTRAINT person_mailboxes_person_id_key UNIQUE (person_id);

ALTER TABLE ONLY public.person_mailboxes
    ADD CONSTRAINT person_mailboxes_pkey PRIMARY KEY (mailbox);

ALTER TABLE ONLY public.persons
    ADD CONSTRAINT persons_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.provider_connections
    ADD CONSTRAINT provider_connections_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.provider_connections
    ADD CONSTRAINT provider_connections_subject_key UNIQUE (subject);

ALTER TABLE ONLY public.provider_visits
    ADD CONSTRAINT provider_visits_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.rate_uses
    ADD CONSTRAINT rate_uses_pkey PRIMARY KEY (rule, key);

ALTER TABLE ONLY public.requests
    ADD CONSTRAINT requests_pkey PRIMARY KEY (caller, request_id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.sign_in_link_details
    ADD CONSTRAINT sign_in_link_details_pkey PRIMARY KEY (link_id);

ALTER TABLE ONLY public.sign_in_links
    ADD CONSTRAINT sign_in_links_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.territories
    ADD CONSTRAINT territories_pkey PRIMARY KEY (code);

CREATE INDEX authorities_parent ON public.authorities USING btree (parent_slug);

CREATE INDEX authorities_territory ON public.authorities USING btree (territory_code);

CREATE INDEX erasure_requests_due ON public.erasure_requests USING btree (due_at);

CREATE INDEX grants_authority ON public.grants USING btree (authority_id);

CREATE UNIQUE INDEX grants_held ON public.grants USING btree (person_id, role, authority_id) WHERE (until_at IS NULL);

CREATE INDEX inbox_seen_at ON public.inbox USING btree (seen_at);

CREATE INDEX notices_of_kind ON public.notices USING btree (kind, "position");

CREATE INDEX officer_actions_authority ON public.officer_actions USING btree (authority_id, id);

CREATE INDEX officer_actions_person ON public.officer_actions USING btree (person, id);

CREATE INDEX organisation_invitations_organisation ON public.organisation_invitations USING btree (organisation_id);

CREATE INDEX organisation_invitations_used_by ON public.organisation_invitations USING btree (used_by);

CREATE UNIQUE INDEX organisation_members_held ON public.organisation_members USING btree (organisation_id, person_id) WHERE (until_at IS NULL);

CREATE INDEX organisation_members_person ON public.organisation_members USING btree (person_id);

CREATE INDEX organisations_asked ON public.organisations USING btree (authority_id, asked_at);

CREATE UNIQUE INDEX organisations_confirmed ON public.organisations USING btree (register_number) WHERE (state = 'confirmed'::text);

CREATE INDEX outbox_published ON public.outbox USING btree (published_at) WHERE (published_at IS NOT NULL);

CREATE INDEX outbox_stream_seq ON public.outbox USING btree (stream_seq) WHERE (stream_seq IS NOT NULL);

CREATE INDEX outbox_waiting ON public.outbox USING btree (created_at, id) WHERE (published_at IS NULL);

CREATE INDEX partner_origins_partner ON public.partner_origins USING btree (partner_id);

CREATE INDEX partners_authority ON public.partners USING btree (authority_id);

CREATE INDEX passkey_challenges_expires ON public.passkey_challenges USING btree (expires_at);

CREATE INDEX passkey_challenges_person ON public.passkey_challenges USING btree (person_id);

CREATE INDEX passkeys_person ON public.passkeys USING btree (person_id);

CREATE INDEX pending_connections_person ON public.pending_connections USING btree (person_id);

CREATE INDEX persons_created ON public.persons USING btree (created_at);

CREATE INDEX persons_residence ON public.persons USING btree (residence_code);

CREATE INDEX provider_connections_person ON public.provider_connections USING btree (person_id);

CREATE INDEX provider_visits_expires ON public.provider_visits USING btree (expires_at);

CREATE INDEX provider_visits_person ON public.provider_visits USING btree (person_id);

CREATE INDEX rate_uses_ends_at ON public.rate_uses USING btree (ends_at);

CREATE INDEX requests_created_at ON public.requests USING btree (created_at);

CREATE INDEX sessions_expires ON public.sessions USING btree (expires_at);

CREATE INDEX sessions_person ON public.sessions USING btree (person_id);

CREATE INDEX sign_in_links_created ON public.sign_in_links USING btree (created_at);

CREATE INDEX territories_parent ON public.territories USING btree (parent_code);

CREATE TRIGGER erasures_append_only BEFORE DELETE OR UPDATE ON public.erasures FOR EACH ROW EXECUTE FUNCTION public.keep_erasures();

CREATE TRIGGER notices_append_only BEFORE DELETE OR UPDATE ON public.notices FOR EACH ROW EXECUTE FUNCTION public.keep_notices();

CREATE TRIGGER officer_actions_append_only BEFORE DELETE OR UPDATE ON public.officer_actions FOR EACH ROW EXECUTE FUNCTION public.keep_officer_actions();

ALTER TABLE ONLY public.authorities
    ADD CONSTRAINT authorities_parent_slug_fkey FOREIGN KEY (parent_slug) REFERENCES public.authorities(slug) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.authorities
    ADD CONSTRAINT authorities_territory_code_fkey FOREIGN KEY (territory_code) REFERENCES public.territories(code) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.erasure_requests
    ADD CONSTRAINT erasure_requests_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.persons(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_authority_id_fkey FOREIGN KEY (authority_id) REFERENCES public.authorities(id);

ALTER TABLE ONLY public.grants
    ADD CONSTRAINT grants_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.persons(id);

ALTER TABLE ONLY public.organisation_invitations
    ADD CONSTRAINT organisation_invitations_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisations(id);

ALTER TABLE ONLY public.organisation_invitations
    ADD CONSTRAINT organisation_invitations_used_by_fkey FOREIGN KEY (used_by) REFERENCES public.persons(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.organisation_members
    ADD CONSTRAINT organisation_members_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisations(id);

ALTER TABLE ONLY public.organisation_members
    ADD CONSTRAINT organisation_members_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.persons(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.organisations
    ADD CONSTRAINT organisations_authority_id_fkey FOREIGN KEY (authority_id) REFERENCES public.authorities(id);

ALTER TABLE ONLY public.partner_origins
    ADD CONSTRAINT partner_origins_partner_id_fkey FOREIGN KEY (partner_id) REFERENCES public.partners(id);

ALTER TABLE ONLY public.partners
    ADD CONSTRAINT partners_authority_id_fkey FOREIGN KEY (authority_id) REFERENCES public.authorities(id);

ALTER TABLE ONLY public.passkey_challenges
    ADD CONSTRAINT passkey_challenges_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.persons(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.passkey_handles
    ADD CONSTRAINT passkey_handles_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.persons(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.passkeys
    ADD CONSTRAINT passkeys_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.persons(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.pending_connections
    ADD CONSTRAINT pending_connections_link_id_fkey FOREIGN KEY (link_id) REFERENCES public.sign_in_links(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.pending_connections
    ADD CONSTRAINT pending_connections_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.persons(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.person_details
    ADD CONSTRAINT person_details_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.persons(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.person_mailboxes
    ADD CONSTRAINT person_mailboxes_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.persons(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.persons
    ADD CONSTRAINT persons_residence_code_fkey FOREIGN KEY (residence_code) REFERENCES public.territories(code);

ALTER TABLE ONLY public.provider_connections
    ADD CONSTRAINT provider_connections_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.persons(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.provider_visits
    ADD CONSTRAINT provider_visits_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.persons(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_person_id_fkey FOREIGN KEY (person_id) REFERENCES public.persons(id);

ALTER TABLE ONLY public.sign_in_link_details
    ADD CONSTRAINT sign_in_link_details_link_id_fkey FOREIGN KEY (link_id) REFERENCES public.sign_in_links(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.territories
    ADD CONSTRAINT territories_parent_code_fkey FOREIGN KEY (parent_code) REFERENCES public.territories(code) DEFERRABLE INITIALLY DEFERRED;
