-- Which state of sessions, categories, areas and sites there is: every change of one of them, by whichever node, gives it another number,
-- so that nodes keep them in memory and ask for the number alone. It is random, or one that was rolled back could come again.
CREATE TABLE catalogue_version (version INTEGER NOT NULL) STRICT;
INSERT INTO catalogue_version (version) VALUES (random());
CREATE TRIGGER exam_session_version_insert AFTER INSERT ON exam_session BEGIN UPDATE catalogue_version SET version = random(); END;
CREATE TRIGGER exam_session_version_update AFTER UPDATE ON exam_session BEGIN UPDATE catalogue_version SET version = random(); END;
CREATE TRIGGER exam_session_version_delete AFTER DELETE ON exam_session BEGIN UPDATE catalogue_version SET version = random(); END;
CREATE TRIGGER category_version_insert AFTER INSERT ON category BEGIN UPDATE catalogue_version SET version = random(); END;
CREATE TRIGGER category_version_update AFTER UPDATE ON category BEGIN UPDATE catalogue_version SET version = random(); END;
CREATE TRIGGER category_version_delete AFTER DELETE ON category BEGIN UPDATE catalogue_version SET version = random(); END;
CREATE TRIGGER area_version_insert AFTER INSERT ON area BEGIN UPDATE catalogue_version SET version = random(); END;
CREATE TRIGGER area_version_update AFTER UPDATE ON area BEGIN UPDATE catalogue_version SET version = random(); END;
CREATE TRIGGER area_version_delete AFTER DELETE ON area BEGIN UPDATE catalogue_version SET version = random(); END;
CREATE TRIGGER site_version_insert AFTER INSERT ON site BEGIN UPDATE catalogue_version SET version = random(); END;
CREATE TRIGGER site_version_update AFTER UPDATE ON site BEGIN UPDATE catalogue_version SET version = random(); END;
CREATE TRIGGER site_version_delete AFTER DELETE ON site BEGIN UPDATE catalogue_version SET version = random(); END;
