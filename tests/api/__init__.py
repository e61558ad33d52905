"""Attacks on the API: by its document, by bad input, by hostile texts, from another company."""
