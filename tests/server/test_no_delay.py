"""Answers on a connection that is kept do not wait for acknowledgements."""

import http.client
import socket
import statistics
import threading
import time

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from opinion.server.middleware import MIDDLEWARE, NoDelay


async def answer(request):
    return PlainTextResponse("short")


def seconds_for_an_answer(middleware: list[Middleware]) -> float:
    """Return the median for requests on one connection to a port that was opened as Streamlit opens it."""
    app = Starlette(routes=[Route("/", answer)], middleware=middleware)
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        port.listen()
        port.setblocking(False)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [port]})
        thread.start()
        client = http.client.HTTPConnection(*port.getsockname(), timeout=10)
        taken = []
        for _ in range(60):
            started = time.perf_counter()
            client.request("GET", "/")
            assert client.getresponse().read() == b"short"
            taken.append(time.perf_counter() - started)
        client.close()
        server.should_exit = True
        thread.join()
    return statistics.median(taken)


def test_answers_come_at_once():
    if seconds_for_an_answer([]) < 0.03:
        pytest.skip("this system acknowledges at once: there is nothing to see")
    assert seconds_for_an_answer([Middleware(NoDelay)]) < 0.03


def test_the_server_has_it_first():
    assert MIDDLEWARE[0].cls is NoDelay
