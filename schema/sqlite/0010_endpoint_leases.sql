-- A dispatcher leases endpoints, not deliveries: so their order, rate and window hold over several dispatchers, and a
-- delivery is written when it is made and when it was tried, and not in between.
ALTER TABLE webhooks ADD COLUMN lease_owner TEXT;    -- the dispatcher that works it off, until lease_until
ALTER TABLE webhooks ADD COLUMN lease_until INTEGER;
-- next_due_at no longer announces what its lease's owner has in its hands: it is announced again when the lease ends.
CREATE INDEX webhooks_leased ON webhooks (lease_until) WHERE lease_until IS NOT NULL;
UPDATE webhooks SET next_due_at = 0 WHERE id IN
  (SELECT webhook_id FROM deliveries WHERE status = 'pending' AND lease_until IS NOT NULL);

DROP INDEX deliveries_due;
DROP INDEX deliveries_leased;
ALTER TABLE deliveries DROP COLUMN lease_until;
CREATE INDEX deliveries_due ON deliveries (webhook_id, coalesce(next_attempt_at, created_at))
  WHERE status = 'pending' AND webhook_id IS NOT NULL;

-- How many tries an endpoint had in an hour, by outcome and duration: its figures are read from here and not counted.
CREATE TABLE attempt_counts (
  webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
  hour INTEGER NOT NULL,                  -- since 1970, UTC
  succeeded INTEGER NOT NULL,
  up_to_ms INTEGER NOT NULL,              -- no try took longer, and none was of the next shorter kind
  amount INTEGER NOT NULL,
  PRIMARY KEY (webhook_id, hour, succeeded, up_to_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_counts_hour ON attempt_counts (hour);

INSERT INTO attempt_counts (webhook_id, hour, succeeded, up_to_ms, amount)
SELECT webhook_id, started_at / 3600000, error_class = '',
  CASE WHEN duration <= 1 THEN 1 WHEN duration <= 10 THEN duration
    WHEN duration <= 20 THEN (duration + 1) / 2 * 2 WHEN duration <= 50 THEN (duration + 4) / 5 * 5
    WHEN duration <= 100 THEN (duration + 9) / 10 * 10 WHEN duration <= 200 THEN (duration + 19) / 20 * 20
    WHEN duration <= 500 THEN (duration + 49) / 50 * 50 WHEN duration <= 1000 THEN (duration + 99) / 100 * 100
    WHEN duration <= 2000 THEN (duration + 199) / 200 * 200 WHEN duration <= 5000 THEN (duration + 499) / 500 * 500
    WHEN duration <= 10000 THEN (duration + 999) / 1000 * 1000 WHEN duration <= 20000 THEN (duration + 1999) / 2000 * 2000
    WHEN duration <= 50000 THEN (duration + 4999) / 5000 * 5000 ELSE (duration + 9999) / 10000 * 10000 END,
  count(*)
FROM attempts WHERE webhook_id IN (SELECT id FROM webhooks) AND started_at > unixepoch() * 1000 - 90000000
GROUP BY 1, 2, 3, 4;
DROP INDEX attempts_succeeded;
DROP INDEX attempts_failed;
