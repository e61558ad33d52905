"""Messages to people, and the development mailbox"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0010_notifications"
down_revision = "0009_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), TABLES)


TABLES = """
CREATE TABLE messages (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    recipient TEXT NOT NULL,
    locale TEXT NOT NULL,
    given JSONB DEFAULT '{}' NOT NULL,
    dedupe_key TEXT NOT NULL,
    related TEXT DEFAULT '' NOT NULL,
    subject TEXT DEFAULT '' NOT NULL,
    state TEXT DEFAULT 'queued' NOT NULL,
    attempts INTEGER DEFAULT 0 NOT NULL,
    provider_id TEXT,
    last_error TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_messages PRIMARY KEY (company_id, id),
    CONSTRAINT uq_messages_company_id_dedupe_key UNIQUE (company_id, dedupe_key),
    CONSTRAINT ck_messages_channel CHECK (channel IN ('mail', 'whatsapp', 'sms', 'push')),
    CONSTRAINT ck_messages_state CHECK (state IN ('queued', 'sent', 'failed')),
    CONSTRAINT ck_messages_sent CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX ix_messages_company_id_related ON messages (company_id, related);
CREATE INDEX ix_messages_failed ON messages (company_id, created_at) WHERE state = 'failed';
CREATE TABLE outbox_mails (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    recipient TEXT NOT NULL,
    sender TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_outbox_mails PRIMARY KEY (company_id, id),
    CONSTRAINT fk_outbox_mails_company_id_id FOREIGN KEY(company_id, id) REFERENCES messages (company_id, id) ON DELETE CASCADE
);
CREATE INDEX ix_outbox_mails_company_id_at ON outbox_mails (company_id, at);
"""
