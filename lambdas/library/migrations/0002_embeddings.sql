-- In a schema of its own the extension would need a search path; RDS offers it to the master user.
CREATE EXTENSION IF NOT EXISTS vector SCHEMA public;

CREATE TABLE websites_embeddings (
    id            bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    website_id    bigint       NOT NULL REFERENCES web_documents (id) ON DELETE CASCADE,
    language      text,
    text          text,
    text_original text,
    embedding     vector(1536) NOT NULL,
    model         text         NOT NULL,
    created_at    timestamptz  NOT NULL DEFAULT now()
);

CREATE INDEX websites_embeddings_website ON websites_embeddings (website_id);
CREATE INDEX websites_embeddings_nearest ON websites_embeddings USING hnsw (embedding vector_cosine_ops);
