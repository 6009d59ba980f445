#!/bin/sh
# Starts the app in a container: what is secret comes from files, so that it stands in no image and no list of settings.
set -eu
secret() { cat "/run/secrets/$1"; }
PGPASSWORD=$(secret database_password)                   # PostgreSQL's own library reads it
OPINION_KEYS=$(secret keys | grep -v '^ *$' | paste -sd, -)
STREAMLIT_SERVER_COOKIE_SECRET=$(secret cookie_secret)   # the same on every replica
export PGPASSWORD OPINION_KEYS STREAMLIT_SERVER_COOKIE_SECRET
exec streamlit run app.py --server.headless true --server.address 0.0.0.0 --server.port 8501 \
  --browser.serverAddress "$OPINION_HOST"
