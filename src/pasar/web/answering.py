"""How does a handler answer with a page?

It calls `page_response(request, "shop/catalog/product.html", product=…)`. The facts that every
page shows (cart count, menu of categories) come from whoever registered for them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from babel import Locale
from litestar import Request, Response

from pasar.kernel.errors import Problem, Unauthorised
from pasar.kernel.http.csrf import csrf_token
from pasar.kernel.http.guards import cookie_name, cookie_of, locale_of_cookie, runtime_of
from pasar.kernel.ids import new_token
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.web.errors import error_page
from pasar.web.notices import PARAMETER, notice_for
from pasar.web.page import LocaleChoice, MenuCategory, Notice, PageContext, SignInWay, WorkplaceChoice
from pasar.web.rendering import render
from pasar.web.theme import theme_version
from pasar.web.uploads import logo_paths

# Printable ASCII stands in a header as it is.
_ASCII: Final = "".join(map(chr, range(0x21, 0x7F)))
AnyRequest = Request[Any, Any, Any]
CartCount = Callable[[Runtime, Context, str | None], Awaitable[int]]
Menu = Callable[[Runtime, Context], Awaitable[tuple[MenuCategory, ...]]]
Places = Callable[[AnyRequest, Runtime, Context], Awaitable[tuple[WorkplaceChoice, ...]]]
COOKIE_LIFE = 30 * 86400


class PageFacts:
    """Who tells pages what they all show. Filled while modules are registered."""

    def __init__(self) -> None:
        self.cart_count: CartCount | None = None
        self.menu: Menu | None = None
        self.workplaces: Places | None = None


page_facts = PageFacts()


async def page_response(
    request: AnyRequest,
    template: str,
    *,
    status: int = 200,
    notice: Notice | None = None,
    headers: Mapping[str, str] | None = None,
    **values: object,
) -> Response[bytes]:
    """Render `template` for this request. A browser without a session is given one, for its forms."""
    runtime = runtime_of(request)
    cookie, fresh = _session_of(request)
    page = await _page_context(request, runtime, cookie, notice)
    body = render(template, page, **values).encode()
    answer = Response(body, status_code=status, media_type="text/html")
    answer.headers["Cache-Control"] = "no-store" if _is_personal(request) else "private, no-cache"
    answer.headers.update(headers or {})
    if fresh:
        set_session_cookie(request, answer, cookie)
    return answer


# What a browser must not keep on disk: the next person at this machine would find it by going back.
_PERSONAL = ("/account", "/admin", "/checkout", "/orders", "/invitations", "/sign-in", "/register", "/reset")


def _is_personal(request: AnyRequest) -> bool:
    return request.url.path.startswith(_PERSONAL)


def bare_response(request: AnyRequest, template: str, **values: object) -> Response[bytes]:
    """A page that belongs to no shop and asks nobody: it stands while the database is away."""
    body = render(template, _bare_page(request, None), **values).encode()
    return Response(body, media_type="text/html", headers={"Cache-Control": "no-cache"})


def see_other(path: str, *, notice: str | None = None) -> Response[bytes]:
    """After a form: look there next (303). `path` is one of our own; what is not ASCII is percent-encoded, as
    a header has no other way to say it."""
    if notice:
        path = f"{path}{'&' if '?' in path else '?'}{urlencode({PARAMETER: notice})}"
    return Response(b"", status_code=303, headers={"Location": quote(path, safe=_ASCII)})


def local_path(path: str | None, default: str = "/") -> str:
    """`path` when it leads to a page of ours, else `default`: nobody redirects our visitors elsewhere."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable():
        return default
    parts = urlsplit(path)
    return path if not parts.scheme and not parts.netloc and "\\" not in path else default


def set_session_cookie(request: AnyRequest, answer: Response[Any], value: str) -> None:
    """Hand the browser its one cookie: HttpOnly, SameSite=Lax, Secure and host-bound in production."""
    production = runtime_of(request).settings.production
    answer.set_cookie(
        key=cookie_name(production=production),
        value=value,
        max_age=COOKIE_LIFE,
        path="/",
        httponly=True,
        samesite="lax",
        secure=production,
    )


def _session_of(request: AnyRequest) -> tuple[str, bool]:
    """The session's token, and whether it was made just now. Kept for the rest of the request."""
    cookie = cookie_of(request)
    if cookie is not None:
        return cookie, False
    state = request.scope["state"]
    return state.setdefault("new_session", new_token()), True


async def _page_context(
    request: AnyRequest, runtime: Runtime, cookie: str, notice: Notice | None
) -> PageContext:
    context: Context = request.scope["state"]["context"]
    site, caller = context.site, context.caller
    count = await page_facts.cart_count(runtime, context, cookie) if page_facts.cart_count else 0
    menu = await page_facts.menu(runtime, context) if page_facts.menu else ()
    theme = dict(site.theme)
    # Asked for only where it is shown: in the header of the back office.
    in_office = caller.kind == "staff" and request.url.path.startswith("/admin")
    asked = page_facts.workplaces if in_office else None
    return PageContext(
        site_name=site.name,
        company_name=site.company_name,
        locale=context.locale,
        locales=tuple(LocaleChoice(code, _own_name(code)) for code in site.locales),
        currency=site.currency,
        path=request.url.path,
        csrf_token=csrf_token(runtime, cookie),
        query=_query_without_notice(request),
        zone=site.time_zone,
        signed_in_name=caller.name if caller.kind != "guest" else None,
        is_staff=caller.kind == "staff",
        staff_permissions=caller.permissions,
        cart_count=count,
        notice=notice or notice_for(request.query_params.get(PARAMETER), context.locale),
        categories=menu,
        theme_version=theme_version(theme) if theme else "",
        request_id=context.request_id,
        logo=logo_paths(runtime.files, site.logo) if site.logo else None,
        switched_off=frozenset(name for name, value in site.features.items() if value is False),
        workplaces=await asked(request, runtime, context) if asked else (),
        sign_in_ways=tuple(SignInWay(one.name, one.label) for one in runtime.settings.openid),
    )


def _query_without_notice(request: AnyRequest) -> str:
    pairs = [(name, value) for name, value in request.query_params.multi_items() if name != PARAMETER]
    return urlencode(pairs)


def _own_name(code: str) -> str:
    name: str = Locale.parse(code.replace("-", "_")).get_display_name() or code
    return name[:1].upper() + name[1:]


def problem_page(request: AnyRequest, problem: Problem) -> Response[Any]:
    """A problem for people. Whoever must sign in is sent there, and comes back afterwards."""
    context: Context | None = request.scope["state"].get("context")
    wants_page = request.method == "GET"
    if isinstance(problem, Unauthorised) and context is not None:
        back = (
            request.url.path + (f"?{request.url.query}" if request.url.query else "") if wants_page else "/"
        )
        return see_other(f"/sign-in?{urlencode({'back': back})}")
    first = _to_do_first(request, problem.code) if context is not None else None
    if first is not None:
        return first
    page = _bare_page(request, context)
    body = error_page(problem.status, page, problem.detail if problem.status in _OWN_WORDS else None)
    answer: Response[Any] = Response(
        body.encode(),
        status_code=problem.status,
        media_type="text/html",
        headers=problem.headers,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _to_do_first(request: AnyRequest, code: str) -> Response[bytes] | None:
    """Where somebody goes first who may do this once it is confirmed, or once a second factor is set up."""
    if code == "step_up_required":
        return see_other(f"/account/confirm?{urlencode({'back': _page_before(request)})}")
    if code == "second_factor_required":
        return see_other("/account/security", notice="factor-demanded")
    return None


def _page_before(request: AnyRequest) -> str:
    """This page; for a form that was sent, the page that it stood on."""
    if request.method == "GET":
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    from_page = urlsplit(request.headers.get("referer", ""))
    if from_page.netloc != request.headers.get("host", "") or not from_page.path:
        return "/account"
    return local_path(from_page.path + (f"?{from_page.query}" if from_page.query else ""), "/account")


_OWN_WORDS = frozenset({400, 409, 413, 422, 429})


def _bare_page(request: AnyRequest, context: Context | None) -> PageContext:
    """What a page can know without asking anybody: the database may be what failed."""
    runtime = runtime_of(request)
    cookie = cookie_of(request)
    site = context.site if context else None
    return PageContext(
        site_name=site.name if site else "Pasar",
        company_name=site.company_name if site else "Pasar",
        locale=context.locale if context else locale_of_cookie(request) or "en",
        locales=(),
        currency=site.currency if site else "USD",
        path=request.url.path,
        csrf_token=csrf_token(runtime, cookie) if cookie else "",
        request_id=request.scope["state"].get("request_id", ""),
    )
