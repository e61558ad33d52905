"""One's own sign-ins: which devices are signed in, signing them out, and being told of a new one."""
