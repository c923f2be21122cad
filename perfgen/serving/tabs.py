"""The addresses of the tabs beside the form: the public page, the PDF and Word files, what changed.

    GET /KEY/api/page?file=PATH              the state of the public page: {version, made, said, address}
    GET /KEY/api/papers?file=PATH            of the PDF and Word files: {version, made, said, pages, files}
    GET /KEY/paper/NUMBER.png?file=PATH      a page of the PDF as a picture
    GET /KEY/paper/SUFFIX?file=PATH          the PDF or Word file, to keep
    GET /KEY/api/changes?file=PATH&since=…   what changed: {html}
    GET /PREVIEW/public/PATH                 the page and what it links to, for a frame that may do nothing

An answer comes when the thing is made; 409 where the files changed meanwhile.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from mimetypes import guess_type
from pathlib import Path, PurePosixPath
from typing import TypeVar
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from perfgen.findings import PerfgenError
from perfgen.project import reading
from perfgen.project.layout import BUILD, MAX_OTHER, DataFile
from perfgen.project.snapshot import Project
from perfgen.render.parts import asset_files
from perfgen.serving import compared, previews, refusal
from perfgen.serving.making import Making, OutdatedError
from perfgen.serving.office import office_of
from perfgen.serving.page import page
from perfgen.serving.previews import Page, Papers

_SANDBOX = (
    "sandbox allow-scripts; default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'none'; frame-src 'none'; worker-src 'none'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
"""What a page may do that templates made: show itself. Of its scripts, those run that come with perfgen: others could
reach out, as no policy keeps a script from opening a WebRTC connection (webrtc 'block' of CSP Level 3 is not there)."""
_SHOWN = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
"""What a page is made of, beside pictures."""
_PUBLIC, _PAPERS = "public", "papers"
_T = TypeVar("_T")


def _in_words(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Answers, or says why something could not be made."""

    @functools.wraps(answer)
    async def answered(request: Request) -> Response:
        try:
            return await answer(request)
        except OutdatedError:
            return refusal.response(request.headers, "文件又变了，再做一次。", 409)
        except PerfgenError as error:
            return refusal.response(request.headers, str(error), 400)

    return answered


@_in_words
async def _page(request: Request) -> Response:
    """The state of the public page, when it is made."""
    made = await _made(request, "page", previews.page_of)
    address = f"/{office_of(request).keys.preview}/{_PUBLIC}/{quote(made.path)}" if made.path else ""
    return JSONResponse({"version": made.version, "made": made.made, "said": made.said, "address": address})


@_in_words
async def _papers(request: Request) -> Response:
    """The state of the PDF and Word files, when they are made."""
    made = await _made(request, _PAPERS, previews.papers_of)
    files = [{"suffix": suffix, "name": _name(request, suffix)} for suffix in sorted(made.files)]
    of_all = {"version": made.version, "made": made.made, "said": made.said}
    return JSONResponse({**of_all, "pages": made.sizes, "files": files})


@_in_words
async def _changes(request: Request) -> Response:
    """What changed, since the work on the file began or against last year's."""
    is_year = request.query_params.get("since") == "year"
    kind, make = ("year", compared.since_last_year) if is_year else ("base", compared.since_base)
    told = await _made(request, kind, make, keeps=is_year)  # a commit changes what the base is, and no file
    return JSONResponse({"html": page("changes.html", told=told)})


async def _made(request: Request, kind: str, make: Callable[[Project, DataFile], _T], *, keeps: bool = True) -> _T:
    """What is made of the file that a request names. Raises PerfgenError where it is not, OutdatedError as `Making`."""
    return await office_of(request).own(Making).made(kind, request.query_params.get("file", ""), make, keeps=keeps)


@_in_words
async def _picture(request: Request) -> Response:
    """A page of the PDF that was made last."""
    papers, number = _kept(request), request.path_params["number"]
    if number >= len(papers.sizes):
        raise HTTPException(404)
    picture = await office_of(request).background("previews").run(previews.picture_of, papers.files["pdf"], number)
    return Response(picture, media_type="image/png")


async def _paper(request: Request) -> Response:
    """The PDF or Word file that was made last, to keep."""
    suffix = request.path_params["suffix"]
    content = _kept(request).files.get(suffix)
    if content is None:
        raise HTTPException(404)
    name = quote(_name(request, suffix))
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(content, media_type=guess_type(f"a.{suffix}")[0], headers=headers)


def _kept(request: Request) -> Papers:
    """The papers that were made last of a file. Raises HTTPException (404) where there are none."""
    papers: Papers | None = office_of(request).own(Making).kept(_PAPERS, request.query_params.get("file", ""))
    if papers is None:
        raise HTTPException(404)
    return papers


def _name(request: Request, suffix: str) -> str:
    """What a file is called that somebody keeps: as its data file, with its year."""
    file = PurePosixPath(request.query_params.get("file", ""))
    return f"{file.parts[1]}-{file.stem}.{suffix}" if len(file.parts) > 2 else f"{file.stem}.{suffix}"


async def _public(request: Request) -> Response:
    """A page that was made for a look, or else one that the last build made; what they need, and nothing else."""
    office, path = office_of(request), request.path_params["path"]
    path += "index.html" if path.endswith("/") or not path else ""
    kind = _SHOWN.get(PurePosixPath(path).suffix) or guess_type(path)[0] or ""
    if not (kind in _SHOWN.values() or kind.startswith("image/")):
        return _nowhere(request, "这里只看网页；PDF 和 Word 在旁边的一栏里，别的文件在做好的网站上。", path)
    pages: list[Page] = office.own(Making).all_kept("page")
    of_pages = (made.files[path] for made in pages if path in made.files)
    content = asset_files.shipped_scripts().get(path) or next(of_pages, None)
    if content is None:
        content = await asyncio.to_thread(_built, office.desk.project.root, path)
    if content is None:
        return _nowhere(request, "这一页还没有生成，或者没有公开。生成全部成品以后再看。", path)
    return Response(content, media_type=kind, headers=_headers(request))


def _headers(request: Request) -> dict[str, str]:
    """Those of everything that templates made."""
    here = f"{request.url.netloc}/{office_of(request).keys.preview}/{_PUBLIC}"
    scripts = " ".join(f"{here}/{quote(path)}" for path in asset_files.shipped_scripts()) or "'none'"
    return {"Content-Security-Policy": _SANDBOX.format(scripts=scripts), "X-DNS-Prefetch-Control": "off"}


def _built(root: Path, path: str) -> bytes | None:
    """A file of the public site as it was built last; None where there is none."""
    try:
        return reading.in_project(root / BUILD, f"{_PUBLIC}/{path}", MAX_OTHER)
    except (OSError, ValueError):
        return None


def _nowhere(request: Request, said: str, path: str) -> Response:
    return Response(page("nowhere.html", said=said, path=path), 404, _headers(request), "text/html")


ROUTES = [
    Route("/api/page", _page),
    Route("/api/papers", _papers),
    Route("/api/changes", _changes),
    Route("/paper/{number:int}.png", _picture),
    Route("/paper/{suffix}", _paper),
]
"""Below the key of the window."""
PREVIEW_ROUTES = [Route(f"/{_PUBLIC}/{{path:path}}", _public)]
"""Below the key of what templates made."""
