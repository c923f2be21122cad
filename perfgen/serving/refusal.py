"""An answer that says in one sentence why something was not done: a page for a person, JSON for a script."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from perfgen.serving.page import page

_WORDS = {
    HTTPStatus.BAD_REQUEST: "没有看懂要做什么；重新打开这一页再试。",
    HTTPStatus.NOT_FOUND: "这里没有这样的东西。",
    HTTPStatus.METHOD_NOT_ALLOWED: "这个地址不是这样用的。",
    HTTPStatus.REQUEST_TIMEOUT: "等了太久，没有收完；再试一次。",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "太大，没有收。",
}
_FAULT = "程序自己出了错，不是您填错了；文件没有动。打开程序的那个窗口里写着发给谁、发什么。"


def response(headers: Mapping[str, str], words: str, status: int) -> Response:
    """A refusal, as a page where a person asks for one; what may still come on the connection is not waited for."""
    closing = {"Connection": "close"}
    if "text/html" in headers.get("accept", ""):
        return HTMLResponse(page("refused.html", words=words), status, closing)
    return JSONResponse({"trouble": words}, status, closing)


def of_http(request: Request, error: Exception) -> Response:
    """What is answered where an address, a method or a body is not as it should be."""
    assert isinstance(error, HTTPException)
    words = _WORDS.get(HTTPStatus(error.status_code), _WORDS[HTTPStatus.BAD_REQUEST])
    return response(request.headers, words, error.status_code)


def of_fault(request: Request, _: Exception) -> Response:
    """What is answered where an exception came that nobody foresaw."""
    return response(request.headers, _FAULT, HTTPStatus.INTERNAL_SERVER_ERROR)
