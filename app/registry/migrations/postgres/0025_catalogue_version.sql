-- Which state of sessions, categories, areas and sites there is: every change of one of them, by whichever node, gives it another number,
-- so that nodes keep them in memory and ask for the number alone. It is random, or one that was rolled back could come again.
CREATE TABLE catalogue_version (version BIGINT NOT NULL);
INSERT INTO catalogue_version (version) VALUES (floor(random() * 9007199254740992)::BIGINT);
CREATE FUNCTION renew_catalogue_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalogue_version SET version = floor(random() * 9007199254740992)::BIGINT;
    RETURN NULL;
END $$;
CREATE TRIGGER exam_session_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON exam_session FOR EACH STATEMENT EXECUTE FUNCTION renew_catalogue_version();
CREATE TRIGGER category_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON category FOR EACH STATEMENT EXECUTE FUNCTION renew_catalogue_version();
CREATE TRIGGER area_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON area FOR EACH STATEMENT EXECUTE FUNCTION renew_catalogue_version();
CREATE TRIGGER site_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON site FOR EACH STATEMENT EXECUTE FUNCTION renew_catalogue_version();
