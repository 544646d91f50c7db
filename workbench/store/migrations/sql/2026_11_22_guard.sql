REVOKE UPDATE, DELETE ON {table} FROM workbench_app;
CREATE TRIGGER {table}_only_grows
    BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION workbench_refuse_change();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_only_grows;
