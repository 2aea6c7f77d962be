-- Figures of accounts as time series: one per account, metric and day; null with a reason where it is not known.
CREATE TABLE figures (
    account_id uuid   NOT NULL REFERENCES accounts,
    metric     text   NOT NULL CHECK (metric ~ '^[a-z][a-z_]*$'),
    day        date   NOT NULL,
    value      bigint CHECK (value >= 0),
    reason     text   NOT NULL DEFAULT '',                     -- why it is not known, a short name
    source     text   NOT NULL DEFAULT '',                     -- where it comes from; empty: the platform
    PRIMARY KEY (account_id, metric, day),
    CONSTRAINT figures_reason CHECK ((value IS NULL) = (reason <> ''))
);
CREATE INDEX figures_day ON figures (metric, day);
