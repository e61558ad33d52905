#!/usr/bin/env bash
# The name under which the storefront's deployment document starts the platform.
exec "$(dirname "${BASH_SOURCE[0]}")/script/server" "$@"
