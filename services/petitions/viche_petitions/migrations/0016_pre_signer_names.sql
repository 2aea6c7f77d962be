-- Names of signers, where the rules of a petition publish them. They lie apart from signatures, which never change, so
-- that they can be erased; sealed, so that a copy of the database lists nobody; and under a pseudonym that is good for
-- finding a person's names alone, so that they go when the person is erased.
CREATE TABLE signer_names (
    signature_id uuid        PRIMARY KEY,
    petition_id  uuid        NOT NULL,
    person       bytea       NOT NULL CHECK (octet_length(person) = 32),
    name         bytea       NOT NULL,
    name_from    text        NOT NULL,   -- "self": as the signer says
    signed_at    timestamptz NOT NULL
);
CREATE INDEX signer_names_order ON signer_names (petition_id, signed_at, signature_id);
CREATE INDEX signer_names_person ON signer_names (person);
