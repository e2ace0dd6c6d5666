-- Which notices a candidate opened: the front page marks the others as unread (S7).
CREATE TABLE notice_read (
    account_id UUID NOT NULL REFERENCES account (id),
    notice_id UUID NOT NULL REFERENCES notice (id),
    PRIMARY KEY (account_id, notice_id)
);
