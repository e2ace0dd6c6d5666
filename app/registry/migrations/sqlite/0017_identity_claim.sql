-- Claims that somebody else registered one's document (S12). Who claims, how to reach them, what happened and the code are sealed;
-- a keyed hash finds the claim by its code, another one the account that holds the document.
CREATE TABLE identity_claim (
    id BLOB PRIMARY KEY,
    code_hash BLOB NOT NULL UNIQUE,
    document_kind TEXT NOT NULL,
    document_index BLOB NOT NULL,
    area TEXT NOT NULL,
    site TEXT NOT NULL,
    state TEXT NOT NULL,
    -- What the office answers, for the claimant to read.
    answer TEXT NOT NULL DEFAULT '',
    created INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX identity_claim_site ON identity_claim (site, created);
