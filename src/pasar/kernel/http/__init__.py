"""HTTP as every module speaks it: bodies, guards, problem documents, idempotency, documentation."""
