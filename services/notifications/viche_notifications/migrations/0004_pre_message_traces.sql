-- What a message comes from, as a W3C traceparent: its mail is a span of that trace.
ALTER TABLE messages ADD COLUMN traceparent text NOT NULL DEFAULT '';
