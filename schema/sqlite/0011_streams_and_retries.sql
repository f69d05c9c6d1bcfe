-- A project's events in the order in which they were committed: what a stream of them goes along. Time is no such order,
-- since clocks are put back.
CREATE INDEX events_stream ON events (project_id);

-- What waits for another try, apart from what is scheduled: where it seems to wait for longer than any retry does, the
-- clock was put back.
CREATE INDEX job_items_retried ON job_items (kind, due_at) WHERE status = 'queued' AND attempts > 0;
