"""The server: ``streamlit run app.py`` finds ``app`` here and serves it."""

import streamlit as st

from opinion.server.middleware import MIDDLEWARE
from opinion.server.routes import MAIN_SCRIPT, ROUTES
from opinion.server.starting import lifespan

app = st.App(MAIN_SCRIPT, routes=ROUTES, middleware=MIDDLEWARE, lifespan=lifespan)
