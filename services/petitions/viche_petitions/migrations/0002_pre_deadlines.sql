-- The terms that run for a petition, each counted once, in the transaction of the event that starts it: calendars and
-- their holidays change later, the day that people were told does not.
CREATE TABLE deadlines (
    petition_id uuid        NOT NULL,
    clock       text        NOT NULL,   -- its name in the petition's terms
    event       text        NOT NULL,   -- that started it, for instance "threshold_reached:answer"
    started_at  timestamptz NOT NULL,
    ends_at     timestamptz NOT NULL,
    body        jsonb       NOT NULL,   -- how the day was found
    met_at      timestamptz,            -- when the event happened that it waits for
    PRIMARY KEY (petition_id, clock)
);

-- Where the territories of signers lie: codes from the top down to the territory itself, as identity said last. Only
-- petitions that ask for minima by territory need them, so only their signatures leave them here.
CREATE TABLE residences (
    territory_code text   PRIMARY KEY,
    path           text[] NOT NULL
);
