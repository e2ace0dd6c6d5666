-- Where an area is reached (S106), and what a site is called in English.
ALTER TABLE area ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE site ADD COLUMN name_en TEXT NOT NULL DEFAULT '';
