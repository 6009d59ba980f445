"""Opens a page as a browser does, by its websocket alone: what it says, and what the menu offers."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect


def open_session(address, path, cookie="", origin=""):
    """Open ``path`` in a new session; return its texts, its menu, and how many elements and exceptions it has.

    ``origin``: the website whose page opens it, without one this server's own.
    """
    with ThreadPoolExecutor(1) as pool:  # Playwright's own loop may be running in this thread
        return pool.submit(asyncio.run, _open(address, path, cookie, origin or address)).result()


async def _open(address, path, cookie, origin):
    asked = BackMsg()
    asked.rerun_script.page_name = path.strip("/")
    asked.rerun_script.context_info.url = address + path
    texts, menu, elements, exceptions = [], [], 0, 0
    stream = f"ws://{urlsplit(address).netloc}/_stcore/stream"
    headers = {"Cookie": cookie} if cookie else {}
    async with connect(
        stream, subprotocols=["streamlit"], additional_headers=headers, origin=origin, max_size=None, proxy=None
    ) as socket:
        await socket.send(asked.SerializeToString())
        while True:
            message = ForwardMsg.FromString(await asyncio.wait_for(socket.recv(), 30))
            kind = message.WhichOneof("type")
            if kind == "navigation":
                menu = [page.url_pathname for page in message.navigation.app_pages if not page.is_hidden]
            elif kind == "page_not_found":
                texts.append("page not found")
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                elements += 1
                exceptions += message.delta.new_element.WhichOneof("type") == "exception"
                texts.append(str(message.delta.new_element))
            elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return SimpleNamespace(text="\n".join(texts), menu=menu, elements=elements, exceptions=exceptions)
