"""A small identity provider for tests (OpenID Connect, authorisation code): it says that everybody is ``email``."""

import threading
import time
from contextlib import contextmanager
from types import SimpleNamespace
from urllib.parse import urlencode

import uvicorn
from conftest import free_port
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

CLIENT = "second-opinion"


@contextmanager
def running_provider():
    """Start the provider on a free port; give its address, and ``email`` and ``is_verified`` to change."""
    port = free_port()
    told = SimpleNamespace(address=f"http://127.0.0.1:{port}", email="anna@example.org", is_verified=True, age=0)
    key, nonces = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"}), {}

    async def configuration(request: Request):
        return JSONResponse({
            "issuer": told.address, "authorization_endpoint": f"{told.address}/authorize",
            "token_endpoint": f"{told.address}/token", "jwks_uri": f"{told.address}/keys",
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        })  # fmt: skip

    async def authorize(request: Request):
        asked = request.query_params
        nonces["code"] = asked.get("nonce", "")
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': 'code', 'state': asked['state']})}")

    async def token(request: Request):
        now = int(time.time())
        claims = {
            "iss": told.address, "sub": told.email, "aud": CLIENT, "iat": now - told.age, "exp": now + 3600,
            "nonce": nonces.get("code", ""), "email": told.email, "email_verified": told.is_verified,
        }  # fmt: skip
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, key)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "expires_in": 3600, "id_token": signed})

    async def keys(request: Request):
        return JSONResponse({"keys": [key.as_dict(private=False)]})

    app = Starlette(routes=[
        Route("/.well-known/openid-configuration", configuration), Route("/authorize", authorize),
        Route("/token", token, methods=["POST"]), Route("/keys", keys),
    ])  # fmt: skip
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield told
    server.should_exit = True
    thread.join(10)


def secrets_file(folder, provider, app_address):
    """Write Streamlit's secrets for the provider, and return their file."""
    file = folder / "secrets.toml"
    file.write_text(
        f'[auth]\nredirect_uri = "{app_address}/oauth2callback"\ncookie_secret = "{"x" * 40}"\n'
        f'client_id = "{CLIENT}"\nclient_secret = "secret"\n'
        f'server_metadata_url = "{provider.address}/.well-known/openid-configuration"\n'
    )
    return file
