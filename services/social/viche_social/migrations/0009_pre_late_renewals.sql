-- Since when tokens wait to be renewed whose renewal has failed: `renew_at` moves with each try.
ALTER TABLE channel_secrets ADD COLUMN late_since timestamptz;
