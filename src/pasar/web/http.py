"""What the pages need besides themselves: styles, scripts, the theme, the language, robots."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body

from pasar.kernel.errors import NotFound
from pasar.kernel.http.guards import anyone, cookie_of, page
from pasar.kernel.ids import new_token
from pasar.kernel.tenancy import Context
from pasar.web.answering import local_path, see_other, set_session_cookie
from pasar.web.api_docs import api_docs
from pasar.web.security_txt import security_txt
from pasar.web.static_files import CACHE_CONTROL, served
from pasar.web.theme import theme_css
from pasar.web.uploads import upload_file

AnyRequest = Request[Any, Any, Any]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/static/{name:str}", guards=[anyone], include_in_schema=False, sync_to_thread=False)
def static(request: AnyRequest, name: str) -> Response[bytes]:
    """A style sheet, script or image of our own; its name changes with its content."""
    file = served(name)
    if file is None:
        raise NotFound("not_found", "There is nothing at this address.")
    headers = {"Cache-Control": CACHE_CONTROL, "ETag": file.etag, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == file.etag:
        return Response(b"", status_code=304, headers=headers)
    body = file.body
    if file.gzipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        body = file.gzipped
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type=file.content_type, headers=headers)


@get("/theme.css", guards=[page], include_in_schema=False)
async def theme(context: Context) -> Response[bytes]:
    """The site's own colours, as a style sheet: the security policy allows nothing inline."""
    body = theme_css(dict(context.site.theme)).encode()
    return Response(body, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})


@post("/language", guards=[page], include_in_schema=False)
async def choose_language(request: AnyRequest, context: Context, data: Form) -> Response[bytes]:
    """Keep the visitor's language in the one cookie."""
    answer = see_other(local_path(data.get("back")))
    locale = data.get("locale", "")
    if locale in context.site.locales:
        set_session_cookie(request, answer, f"{cookie_of(request) or new_token()}.{locale}")
    return answer


@get("/robots.txt", guards=[anyone], include_in_schema=False, sync_to_thread=False)
def robots() -> Response[str]:
    """What search engines leave alone."""
    lines = (
        "User-agent: *",
        "Disallow: /admin",
        "Disallow: /cart",
        "Disallow: /checkout",
        "Disallow: /account",
    )
    return Response("\n".join(lines) + "\n", media_type="text/plain")


WEB_ROUTES = [static, theme, choose_language, robots, security_txt, api_docs, upload_file]
