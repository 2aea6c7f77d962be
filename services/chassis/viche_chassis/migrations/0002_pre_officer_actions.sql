-- What officers did, written in the transaction of the act itself; rows are never changed and never removed.
CREATE TABLE officer_actions (
    id           uuid        PRIMARY KEY,               -- UUIDv7, made when the call began: later acts sort later
    at           timestamptz NOT NULL DEFAULT now(),
    service      text        NOT NULL,                  -- that called: the gateway, or the command line
    person       bytea,                                 -- pseudonym of the scope "authors"; NULL for the command line
    roles        text[]      NOT NULL,                  -- that the person held and the call asks for
    authority_id uuid,                                  -- NULL where the act concerns no single one
    action       text        NOT NULL,                  -- name of the RPC
    object       text        NOT NULL,                  -- for instance "petition:UUID"
    request_id   uuid
);
CREATE INDEX officer_actions_person ON officer_actions (person, id);
CREATE INDEX officer_actions_authority ON officer_actions (authority_id, id);

CREATE FUNCTION keep_officer_actions() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER officer_actions_append_only BEFORE UPDATE OR DELETE ON officer_actions
    FOR EACH ROW EXECUTE FUNCTION keep_officer_actions();
