-- Who was erased lately. An answer that was on its way, or whose scope token still held, comes after the erasure; whoever
-- sweeps forgets again until no token can hold any more. Keys as in respondents.
CREATE TABLE erased (
    erased_by bytea       PRIMARY KEY CHECK (octet_length(erased_by) = 32),
    erased_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX erased_at ON erased (erased_at);
