-- How far a database has taken over the documents of a table in DynamoDB: the sort key of the last one.
CREATE TABLE synchronised (
    source          text        PRIMARY KEY,
    last_key        text        NOT NULL,
    synchronised_at timestamptz NOT NULL DEFAULT now()
);
