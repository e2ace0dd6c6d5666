-- Which notices a candidate opened: the front page marks the others as unread (S7).
CREATE TABLE notice_read (
    account_id BLOB NOT NULL REFERENCES account (id),
    notice_id BLOB NOT NULL REFERENCES notice (id),
    PRIMARY KEY (account_id, notice_id)
) STRICT;
