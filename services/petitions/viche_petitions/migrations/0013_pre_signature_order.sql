-- Signatures of a petition are found by the time at which they were written: rows lie in that order, so that an index
-- of block ranges is enough, which costs those who sign nothing. A b-tree by petition cost them some percent.
DROP INDEX signatures_petition;
CREATE INDEX signatures_created_at ON signatures USING brin (created_at)
    WITH (pages_per_range = 32, autosummarize = on);

-- Minutes summed up by the hour, so that a long history is read quickly. Hours that are over never change, since what
-- moves a count moves the minute in which it happens.
CREATE TABLE count_hours (
    petition_id uuid        NOT NULL,
    hour        timestamptz NOT NULL,
    count       bigint      NOT NULL,
    PRIMARY KEY (petition_id, hour)
);
CREATE TABLE count_hours_until (
    is_only boolean     PRIMARY KEY DEFAULT true CHECK (is_only),
    until   timestamptz NOT NULL              -- minutes before this are summed up
);
INSERT INTO count_hours_until (until) VALUES ('-infinity');
