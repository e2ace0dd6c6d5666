-- Whether what an earlier review verified is trusted by the examinations of a session (S19).
ALTER TABLE exam_session ADD COLUMN trusts_verified INTEGER NOT NULL DEFAULT 1 CHECK (trusts_verified IN (0, 1));
