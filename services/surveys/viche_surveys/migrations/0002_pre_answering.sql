-- Places are found by the draft that has them.
CREATE INDEX quota_reservations_holder ON quota_reservations (holder);
