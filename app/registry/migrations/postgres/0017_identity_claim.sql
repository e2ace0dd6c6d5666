-- Claims that somebody else registered one's document (S12). Who claims, how to reach them, what happened and the code are sealed;
-- a keyed hash finds the claim by its code, another one the account that holds the document.
CREATE TABLE identity_claim (
    id uuid PRIMARY KEY,
    code_hash bytea NOT NULL UNIQUE,
    document_kind text NOT NULL,
    document_index bytea NOT NULL,
    area text COLLATE "C" NOT NULL,
    site text COLLATE "C" NOT NULL,
    state text NOT NULL,
    -- What the office answers, for the claimant to read.
    answer text NOT NULL DEFAULT '',
    created bigint NOT NULL,
    sealed bytea NOT NULL
);
CREATE INDEX identity_claim_site ON identity_claim (site, created);
