"""The second factor: authenticator apps, passkeys, recovery codes.

`second_factor_gate`, beside this package, stands between a password that fitted and a sign-in that starts.
"""
