-- What rules of petitions depend on: how many people live in a territory, and which level of government it has.
ALTER TABLE territories
    ADD COLUMN population bigint NOT NULL DEFAULT 0 CHECK (population >= 0);   -- 0 where it is not known
ALTER TABLE authorities
    ADD COLUMN level text NOT NULL DEFAULT ''                                  -- empty where it is not known
        CHECK (level IN ('', 'union', 'national', 'region', 'municipality'));
