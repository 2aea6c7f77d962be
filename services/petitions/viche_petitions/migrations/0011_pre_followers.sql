-- Who follows a petition without signing. No times: they would tell which rows of the two tables belong together.
CREATE TABLE followers (
    petition_id uuid  NOT NULL,
    follower    bytea NOT NULL CHECK (octet_length(follower) = 32),   -- pseudonym of the scope "petition:UUID"
    PRIMARY KEY (petition_id, follower)
);

-- What a person follows, for their own list.
CREATE TABLE followings (
    person      bytea NOT NULL CHECK (octet_length(person) = 32),     -- pseudonym of the scope "followings"
    petition_id uuid  NOT NULL,
    PRIMARY KEY (person, petition_id)
);
