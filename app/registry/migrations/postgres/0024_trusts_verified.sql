-- Whether what an earlier review verified is trusted by the examinations of a session (S19).
ALTER TABLE exam_session ADD COLUMN trusts_verified BOOLEAN NOT NULL DEFAULT TRUE;
