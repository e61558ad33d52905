"""What ending a sign-in tells the world"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0013_sessions"
down_revision = "0012_crypto"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), SQL)


SQL = """
-- What processes remember of sign-ins that ended, however they did: a deleted one, too, has tokens about.
CREATE TABLE ended_sign_ins (
    id UUID NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_ended_sign_ins PRIMARY KEY (id)
);
CREATE INDEX ix_ended_sign_ins_ended_at ON ended_sign_ins (ended_at);
INSERT INTO ended_sign_ins (id, ended_at) SELECT id, revoked_at FROM sign_ins WHERE revoked_at IS NOT NULL;
DROP INDEX ix_sign_ins_revoked_at;

CREATE FUNCTION note_ended_sign_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ended_sign_ins (id) VALUES (OLD.id) ON CONFLICT DO NOTHING;
    PERFORM pg_notify('pasar_sign_in_ended', OLD.id::text);
    RETURN NULL;
END $$;
CREATE TRIGGER sign_ins_revoked AFTER UPDATE OF revoked_at ON sign_ins
    FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL)
    EXECUTE FUNCTION note_ended_sign_in();
CREATE TRIGGER sign_ins_deleted AFTER DELETE ON sign_ins
    FOR EACH ROW WHEN (OLD.revoked_at IS NULL)
    EXECUTE FUNCTION note_ended_sign_in();

-- A revoked sign-in stays revoked, whatever is written.
CREATE FUNCTION keep_revoked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'sign-in % is revoked and stays so', OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER sign_ins_stay_revoked BEFORE UPDATE OF revoked_at ON sign_ins
    FOR EACH ROW WHEN (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NULL)
    EXECUTE FUNCTION keep_revoked();

-- Whoever is shut out or erased is signed out everywhere, whoever writes it.
CREATE FUNCTION sign_user_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sign_ins SET revoked_at = clock_timestamp(),
                        revoked_for = CASE WHEN NEW.erased_at IS NULL THEN 'revoked' ELSE 'erased' END
     WHERE user_id = NEW.id AND revoked_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER users_shut_out AFTER UPDATE OF is_active, erased_at ON users
    FOR EACH ROW WHEN ((OLD.is_active AND NOT NEW.is_active)
                       OR (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL))
    EXECUTE FUNCTION sign_user_out();

-- A customer's tokens name the record: when it goes, or goes to somebody else, they end.
CREATE FUNCTION sign_customer_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sign_ins SET revoked_at = clock_timestamp(), revoked_for = 'left'
     WHERE user_id = OLD.user_id AND company_id = OLD.company_id AND kind = 'tokens' AND revoked_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER customers_unlinked AFTER UPDATE OF user_id ON customers
    FOR EACH ROW WHEN (OLD.user_id IS NOT NULL AND NEW.user_id IS DISTINCT FROM OLD.user_id)
    EXECUTE FUNCTION sign_customer_out();
CREATE TRIGGER customers_deleted AFTER DELETE ON customers
    FOR EACH ROW WHEN (OLD.user_id IS NOT NULL)
    EXECUTE FUNCTION sign_customer_out();
"""
