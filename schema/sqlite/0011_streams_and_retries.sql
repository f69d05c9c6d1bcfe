-- A project's events in the order in which they were committed: what a stream of them goes along. Time is no such order,
-- since clocks are put back.
CREATE INDEX events_stream ON events (project_id);
