-- Who was erased lately. What was on its way, or whose scope token still held, comes after the erasure; whoever sweeps
-- forgets again until no token can hold any more. The pseudonyms are those of PersonErased.
CREATE TABLE erased (
    author     bytea       NOT NULL PRIMARY KEY,
    followings bytea       NOT NULL,
    names      bytea       NOT NULL,
    hides_name boolean     NOT NULL,
    erased_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX erased_at ON erased (erased_at);
