-- What the application's role may do: rows, never tables.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO workbench_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO workbench_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO workbench_app;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM workbench_app;
REVOKE DELETE ON audit_head FROM workbench_app;

-- The second line, should a right be granted by mistake; it stops the owner's slips as well.
CREATE FUNCTION workbench_refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog
AS $$
BEGIN
    RAISE EXCEPTION '% is refused: rows of % are only ever added', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END;
$$;
