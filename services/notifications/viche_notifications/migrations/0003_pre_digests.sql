-- Who was told on which day what waits for them: at most one mail a day.
CREATE TABLE digests (
    person     bytea NOT NULL,                        -- pseudonym of the scope "digests"
    day        date  NOT NULL,                        -- in the zone of the instance
    message_id uuid  NOT NULL,
    PRIMARY KEY (person, day)
);
CREATE INDEX digests_day ON digests (day);
