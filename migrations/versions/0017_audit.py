"""The audit log"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0017_audit"
down_revision = "0016_access"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for sql in (TABLES, RECORDING, APPEND_ONLY, RETENTION, ATTACHED):
        run_sql(op.get_bind(), sql)


TABLES = """
-- Words of an entry: what its values say, and its ids as they stand. The company is a word, too, so that the
-- index finds one company's entries at once. Cut: a word list has at most a megabyte.
CREATE FUNCTION audit_words(company_id uuid, action text, object_id text, actor_name text, address text,
                            request_id text, before jsonb, after jsonb)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT array_to_tsvector(array_remove(
           ARRAY['company:' || company_id::text, lower(action), left(lower(object_id), 200), left(lower(address), 200),
                 left(lower(request_id), 200)], ''))
    || to_tsvector('simple'::regconfig, replace(action, '.', ' ') || ' ' || actor_name || ' '
           || replace(left(coalesce(before::text, ''), 20000) || ' ' || left(coalesce(after::text, ''), 20000), '\\n', ' '))
$$;
CREATE TABLE audit_entries (
    company_id UUID NOT NULL,
    id UUID DEFAULT row_id() NOT NULL,
    at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    actor_name TEXT DEFAULT '' NOT NULL,
    action TEXT NOT NULL,
    object_type TEXT NOT NULL,
    object_id TEXT NOT NULL,
    before JSONB,
    after JSONB,
    withheld TEXT[] DEFAULT '{}' NOT NULL,
    person_id UUID,
    sealed BYTEA,
    address TEXT DEFAULT '' NOT NULL,
    agent TEXT DEFAULT '' NOT NULL,
    request_id TEXT DEFAULT '' NOT NULL,
    words TSVECTOR GENERATED ALWAYS AS
        (audit_words(company_id, action, object_id, actor_name, address, request_id, before, after)) STORED,
    CONSTRAINT pk_audit_entries PRIMARY KEY (company_id, id),
    CONSTRAINT ck_audit_entries_actor_kind CHECK (actor_kind IN ('staff', 'key', 'customer', 'guest', 'job', 'command')),
    CONSTRAINT ck_audit_entries_sealed CHECK (sealed IS NULL OR person_id IS NOT NULL)
);
CREATE INDEX ix_audit_entries_actor ON audit_entries (company_id, actor_id, id);
CREATE INDEX ix_audit_entries_action ON audit_entries (company_id, action, id);
CREATE INDEX ix_audit_entries_type ON audit_entries (company_id, object_type, id);
CREATE INDEX ix_audit_entries_object ON audit_entries (company_id, object_type, object_id, id);
CREATE INDEX ix_audit_entries_words ON audit_entries USING gin (words);
CREATE TABLE audit_links (
    company_id UUID NOT NULL,
    position BIGINT NOT NULL,
    entry_id UUID NOT NULL,
    linked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    entry_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_audit_links PRIMARY KEY (company_id, position),
    CONSTRAINT uq_audit_links_company_id_entry_id UNIQUE (company_id, entry_id)
);
-- Written with each entry, in its transaction, and deleted as it is linked: an entry that commits late is never
-- skipped, whatever its time or id.
CREATE TABLE audit_unlinked (
    company_id UUID NOT NULL,
    entry_id UUID NOT NULL,
    CONSTRAINT pk_audit_unlinked PRIMARY KEY (company_id, entry_id)
);
"""

# Attached to a table by `audit_attach`. Its arguments: what the rows are called; the columns of the key without
# the company; columns that do not count; columns whose change counts but whose value is not written here.
RECORDING = """
CREATE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    acting jsonb := current_setting('pasar.acting')::jsonb;
    ignored text[] := string_to_array(TG_ARGV[2], ',');
    hidden text[] := string_to_array(TG_ARGV[3], ',');
    old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN jsonb_strip_nulls(to_jsonb(OLD)) - ignored - 'company_id' END;
    new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN jsonb_strip_nulls(to_jsonb(NEW)) - ignored - 'company_id' END;
    known jsonb := coalesce(to_jsonb(NEW), to_jsonb(OLD));
    changed text[];
    owner uuid;
BEGIN
    SELECT coalesce(array_agg(key ORDER BY key), '{}') INTO changed
      FROM (SELECT jsonb_object_keys(old_row) AS key UNION SELECT jsonb_object_keys(new_row)) AS keys
     WHERE (old_row -> key) IS DISTINCT FROM (new_row -> key);
    IF changed = '{}' THEN
        RETURN NULL;
    END IF;
    -- A company's own row is the company's; people belong to no company: their change is noted where it was made.
    owner := coalesce(
        CASE WHEN TG_TABLE_NAME = 'companies' THEN (known ->> 'id')::uuid ELSE (known ->> 'company_id')::uuid END,
        (acting ->> 'companyId')::uuid,
        '00000000-0000-0000-0000-000000000000');
    INSERT INTO audit_entries (company_id, actor_kind, actor_id, actor_name, action, object_type, object_id,
                               before, after, withheld, address, agent, request_id)
    VALUES (
        owner,
        acting ->> 'kind',
        (acting ->> 'actorId')::uuid,
        coalesce(acting ->> 'name', ''),
        TG_ARGV[0] || CASE TG_OP WHEN 'INSERT' THEN '.created' WHEN 'UPDATE' THEN '.changed' ELSE '.removed' END,
        TG_ARGV[0],
        (SELECT string_agg(known ->> part, '/' ORDER BY place)
           FROM unnest(string_to_array(TG_ARGV[1], ',')) WITH ORDINALITY AS parts (part, place)),
        CASE WHEN TG_OP <> 'INSERT' THEN (
            SELECT coalesce(jsonb_object_agg(key, old_row -> key), '{}') FROM unnest(changed) AS key
             WHERE key <> ALL (hidden)) END,
        CASE WHEN TG_OP <> 'DELETE' THEN (
            SELECT coalesce(jsonb_object_agg(key, new_row -> key), '{}') FROM unnest(changed) AS key
             WHERE key <> ALL (hidden)) END,
        ARRAY(SELECT key FROM unnest(changed) AS key WHERE key = ANY (hidden)),
        coalesce(acting ->> 'address', ''),
        coalesce(acting ->> 'agent', ''),
        coalesce(acting ->> 'requestId', ''));
    RETURN NULL;
END $$;

-- Note every change of a table's rows that somebody makes who has said so (`pasar.acting`); others pay for one
-- look at the setting. Once more, with other arguments, it replaces what was there.
CREATE FUNCTION audit_attach(audited text, noun text, ignored text[] DEFAULT '{}', hidden text[] DEFAULT '{}')
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    keys text;
BEGIN
    SELECT string_agg(a.attname, ',' ORDER BY array_position(i.indkey::int2[], a.attnum)) INTO STRICT keys
      FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
     WHERE i.indrelid = audited::regclass AND i.indisprimary AND a.attname <> 'company_id';
    EXECUTE format(
        'CREATE OR REPLACE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW '
        'WHEN (current_setting(''pasar.acting'', true) <> '''') EXECUTE FUNCTION audit_change(%L, %L, %L, %L)',
        audited::regclass, noun, keys, array_to_string(ignored, ','), array_to_string(hidden, ','));
END $$;

CREATE FUNCTION audit_await_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_unlinked (company_id, entry_id) VALUES (NEW.company_id, NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER await_link AFTER INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION audit_await_link();
"""

# For the owner and superusers, too, and where replication has switched ordinary triggers off. What is older than
# seven years may go, by `audit_trim` alone: the setting that it makes opens nothing younger, whoever makes it.
APPEND_ONLY = """
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('pasar.audit_trim', true) = 'on' AND TG_NARGS = 1
       AND (to_jsonb(OLD) ->> TG_ARGV[0])::timestamptz < now() - interval '7 years' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entries FOR EACH ROW EXECUTE FUNCTION append_only('at');
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON audit_entries EXECUTE FUNCTION append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_links FOR EACH ROW EXECUTE FUNCTION append_only('linked_at');
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON audit_links EXECUTE FUNCTION append_only();
ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER append_only_whole;
ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER await_link;
ALTER TABLE audit_links ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE audit_links ENABLE ALWAYS TRIGGER append_only_whole;
"""

# With the rights of the tables' owner, since the role of the application may have none to delete.
RETENTION = """
CREATE FUNCTION audit_trim(trimmed uuid, by_kind text, by_id uuid, by_name text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    last audit_links;
    gone bigint;
BEGIN
    SELECT * INTO last FROM audit_links
     WHERE company_id = trimmed AND linked_at < now() - interval '7 years' ORDER BY position DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    PERFORM set_config('pasar.audit_trim', 'on', true);
    DELETE FROM audit_entries e USING audit_links l
     WHERE l.company_id = trimmed AND l.position <= last.position
       AND e.company_id = l.company_id AND e.id = l.entry_id;
    DELETE FROM audit_links l WHERE l.company_id = trimmed AND l.position <= last.position;
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('pasar.audit_trim', '', true);
    INSERT INTO audit_entries (company_id, actor_kind, actor_id, actor_name, action, object_type, object_id, after)
    VALUES (trimmed, by_kind, by_id, by_name, 'audit.trimmed', 'audit', last.position::text,
            jsonb_build_object('position', last.position, 'hash', encode(last.hash, 'hex'), 'entries', gone,
                               'until', last.linked_at));
    RETURN gone;
END $$;
REVOKE EXECUTE ON FUNCTION audit_trim FROM PUBLIC;
"""

# The tables of 0001 to 0016. Those that come later are attached where they are made; people/audit/audited.py is
# the list as it stands, and a test compares it with the database.
ATTACHED = """
SELECT audit_attach('companies', 'company'),
       audit_attach('sites', 'site'),
       audit_attach('users', 'user', '{}', '{email,phone,name,password_hash,photo}'),
       audit_attach('customers', 'customer', '{}', '{email,name,phone}'),
       audit_attach('memberships', 'staff'),
       audit_attach('custom_roles', 'role'),
       audit_attach('invitations', 'invitation', '{}', '{email,token_hash}'),
       audit_attach('api_keys', 'api_key'),
       audit_attach('api_key_secrets', 'api_key_secret', '{}', '{key_hash}'),
       audit_attach('totp_secrets', 'second_factor', '{last_step}', '{secret}'),
       audit_attach('passkeys', 'passkey', '{sign_count,last_used_at}', '{credential_id,public_key,name}'),
       audit_attach('secret_keys', 'secret_key', '{}', '{wrapped}'),
       audit_attach('tax_rates', 'tax_rate'),
       audit_attach('shipping_zones', 'shipping_zone'),
       audit_attach('shipping_methods', 'shipping_method'),
       audit_attach('shipments', 'shipment'),
       audit_attach('shipment_lines', 'shipment_line'),
       audit_attach('payments', 'payment'),
       audit_attach('categories', 'category'),
       audit_attach('products', 'product', '{search,revision,in_stock,updated_at}'),
       audit_attach('variants', 'variant', '{in_stock}'),
       audit_attach('prices', 'price'),
       audit_attach('product_media', 'product_picture', '{attempts}'),
       audit_attach('catalog_imports', 'import', '{rows,products,variants,created,updated,unchanged,errors,warnings,problems}'),
       audit_attach('locations', 'location'),
       audit_attach('stock_levels', 'stock', '{reserved}'),
       audit_attach('orders', 'order', '{view_token_hash,explanation}', '{email,shipping_address,billing_address,cancel_reason}'),
       audit_attach('order_lines', 'order_line', '{picture}', '{custom_fields}');
"""
