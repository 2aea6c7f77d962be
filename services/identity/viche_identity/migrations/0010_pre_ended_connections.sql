-- A connection that is over lets nobody in, and still says whose the subject is: nobody signs twice by moving it on.
ALTER TABLE provider_connections
    ADD COLUMN ended_at timestamptz; -- NULL while it holds
