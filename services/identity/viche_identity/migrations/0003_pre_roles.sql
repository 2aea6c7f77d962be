-- Roles for those who check petitions and for the press office, and the end that a grant was given with:
-- taking one back moves until_at alone, so that it can be given again as it was.
ALTER TABLE grants
    DROP CONSTRAINT grants_role_check,
    ADD CONSTRAINT grants_role_check CHECK (role IN ('officer', 'operator', 'moderator', 'press')),
    ADD COLUMN given_until_at timestamptz,
    ADD CHECK (given_until_at > from_at);
