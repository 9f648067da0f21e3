INSERT INTO users (id, created_at) VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '2026-01-02 03:04:05+00:00');
INSERT INTO identities (platform, external_id, user_id, created_at)
VALUES ('telegram', '42', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '2026-01-02 03:04:05+00:00');
INSERT INTO jobs (number, id, owner, event_key, locale, created_at, prompt, mode, width, height, keep_size, steps,
  guidance, subject_size, seed, count, private, spoiler, state, attempt, cancel_requested, started_at, finished_at)
VALUES (1, 'firstjob0001', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'telegram:1', 'de', '2026-01-02 03:04:05+00:00',
  'Die Öde 50%', 'subject', 1024, 1024, false, 25, 4.0, 512, 7, 1, false, false, 'done', 1, false,
  '2026-01-02 03:04:06+00:00', '2026-01-02 03:04:36+00:00');
INSERT INTO job_references (job_id, role, position, picture)
VALUES ('firstjob0001', 'subject', 0, '5555555555555555555555555555555555555555555555555555555555555555');
INSERT INTO pictures (number, job_id, "index", picture, seed, width, height, duration_s, model_label, model_revision,
  is_toy)
VALUES (1, 'firstjob0001', 0, '9999999999999999999999999999999999999999999999999999999999999999', 7, 1024, 1024, 30.0,
  'USO', 'abc', false);
INSERT INTO deliveries (id, job_id, platform, state, attempts, next_attempt_at)
VALUES (1, 'firstjob0001', 'telegram', 'delivered', 0, '2026-01-02 03:04:36+00:00');
INSERT INTO jobs (number, id, owner, event_key, locale, created_at, prompt, mode, width, height, keep_size, steps,
  guidance, subject_size, seed, count, private, spoiler, state, attempt, cancel_requested, failure, lineage_kind,
  lineage_parent, lineage_picture_index)
VALUES (2, 'firstjob0002', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'telegram:2', 'de', '2026-01-02 03:05:05+00:00',
  'again', 'text', 1024, 1024, false, 25, 4.0, 512, 8, 1, true, false, 'failed', 1, false, 'out-of-memory', 'reroll',
  'firstjob0001', 0);
