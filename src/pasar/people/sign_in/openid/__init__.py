"""Signing in by OpenID Connect: a provider says who somebody is, and that identity is an account of ours.

Authorization code flow with PKCE (RFC 7636), state and nonce; OpenID Connect Core 1.0 and Discovery 1.0.
"""
