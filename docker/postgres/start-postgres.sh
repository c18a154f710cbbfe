#!/bin/sh
# Starts PostgreSQL on the volume at PGDATA's parent; makes the database there when there is none.
#   POSTGRES_DATABASE  name of the database and of the role that owns it: lower-case letters, digits and _
#   POSTGRES_PASSWORD  that role's password. It is set at every start, so a changed secret needs a restart only.
# Neither is ever an argument of a program: the list of processes is open to everybody.
set -eu
umask 077

refuse() {
  echo "start-postgres: $1" >&2
  exit 64
}

database=${POSTGRES_DATABASE:-}
password=${POSTGRES_PASSWORD:-}
unset POSTGRES_DATABASE POSTGRES_PASSWORD
# The patterns are also why both can stand in SQL without quoting.
case $database in
  '') refuse 'POSTGRES_DATABASE must name the database' ;;
  [!a-z_]* | *[!a-z0-9_]*) refuse 'POSTGRES_DATABASE must be lower-case letters, digits and _' ;;
esac
case $password in
  '') refuse 'POSTGRES_PASSWORD must not be empty' ;;
  *[!A-Za-z0-9._~+/=-]*) refuse 'POSTGRES_PASSWORD must be letters, digits and . _ ~ + / = - only' ;;
esac

# One statement a line, as the server's single-user mode reads them; the first that fails ends the start. It is not
# logged: it may hold the password.
single_user() {
  postgres --single -D "$1" -c config_file=/etc/postgresql/postgresql.conf -c log_min_messages=warning \
    -c log_min_error_statement=panic -c exit_on_error=on postgres >/dev/null
}

if [ ! -e "$PGDATA" ]; then
  # Made beside its place and renamed when complete: a start that is killed half-way leaves no half database.
  unfinished=$PGDATA.unfinished
  busybox rm -rf "$unfinished"
  initdb --pgdata="$unfinished" --username=service --auth-local=peer --auth-host=scram-sha-256 --encoding=UTF8 \
    --locale=C.UTF-8 --locale-provider=builtin --builtin-locale=C.UTF-8 --data-checksums
  single_user "$unfinished" <<END
CREATE ROLE "$database" LOGIN
CREATE DATABASE "$database" OWNER "$database"
REVOKE ALL ON DATABASE "$database" FROM PUBLIC
END
  busybox mv "$unfinished" "$PGDATA"
  busybox sync
fi

single_user "$PGDATA" <<END
ALTER ROLE "$database" PASSWORD '$password'
END
unset password

exec postgres -D "$PGDATA" -c config_file=/etc/postgresql/postgresql.conf
