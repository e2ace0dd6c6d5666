-- When a site receives people, and where it is on a map: papers that send somebody there say so (S106, S127). What is empty is not printed.
ALTER TABLE site ADD COLUMN hours text NOT NULL DEFAULT '';
ALTER TABLE site ADD COLUMN map text NOT NULL DEFAULT '';
