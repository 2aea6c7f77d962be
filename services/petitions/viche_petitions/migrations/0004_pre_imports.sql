-- Petitions of other systems, with what their sources say of them and without what they do not say: some have no
-- address, no date and no number of their own. The key by which a second import knows a petition again was its address.
ALTER TABLE petitions
    DROP CONSTRAINT petitions_check,
    DROP CONSTRAINT petitions_check5,
    DROP CONSTRAINT petitions_source_url_key,
    ALTER COLUMN created_at DROP NOT NULL,
    ADD COLUMN source_key         text CONSTRAINT petitions_source_key UNIQUE,
    ADD COLUMN source_name        text NOT NULL DEFAULT '',   -- who published it
    ADD COLUMN source_licence     text NOT NULL DEFAULT '',
    ADD COLUMN source_facts       jsonb,                      -- viche.petitions.v1.SourceFacts as JSON
    ADD COLUMN stated_territories jsonb,                      -- signatures by territory as the source states them
    ADD COLUMN imported_at        timestamptz;                -- when it was taken over first; null where not noted
UPDATE petitions SET source_key = source_url WHERE is_archived;
ALTER TABLE petitions
    ADD CONSTRAINT petitions_archived CHECK (is_archived = (source_key IS NOT NULL)),
    ADD CONSTRAINT petitions_check CHECK (is_archived OR source_url IS NULL AND created_at IS NOT NULL),
    ADD CONSTRAINT petitions_check5 CHECK (is_archived OR (number IS NULL) = (opened_at IS NULL));

-- Lists are in order of opening; of an archived petition the source may know when it was created, or nothing.
DROP INDEX petitions_recent;
DROP INDEX petitions_authority;
CREATE INDEX petitions_recent ON petitions (coalesce(opened_at, created_at, '-infinity') DESC, id DESC)
    WHERE number IS NOT NULL;
CREATE INDEX petitions_authority ON petitions (authority_id, coalesce(opened_at, created_at, '-infinity') DESC)
    WHERE number IS NOT NULL;

-- The count of an archived petition by the day, as its source states it: a day that the source lacks is missing.
CREATE TABLE stated_counts (
    petition_id uuid   NOT NULL,
    day         date   NOT NULL,
    count       bigint NOT NULL CHECK (count >= 0),
    PRIMARY KEY (petition_id, day)
);
