-- The functions log in as lenie_app, with a token of IAM: the master user must not hold rds_iam, or its password stops
-- working. The role rds_iam exists on RDS only.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lenie_app') THEN
        CREATE ROLE lenie_app LOGIN;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
        GRANT rds_iam TO lenie_app;
    END IF;
END
$$;

GRANT USAGE ON SCHEMA lenie TO lenie_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON web_documents, websites_embeddings TO lenie_app;
