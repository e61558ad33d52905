"""PostgreSQL: where it is, how it is started when embedded, connections, migrations."""
