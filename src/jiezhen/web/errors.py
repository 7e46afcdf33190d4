"""The pages for what went wrong: what, where, how, who. They touch neither database nor session."""

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

log = logging.getLogger("jiezhen.web")
# No letter that is mistaken for another when read out on the telephone.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_code() -> str:
    """Return a number for one failure, such as E-7F3K."""
    return "E-" + "".join(secrets.choice(_LETTERS) for _n in range(4))


def _of_residents(request: HttpRequest) -> bool:
    """Say whether somebody came through the residents' door: they know neither 今日 nor an administrator."""
    return request.path.startswith("/p/")


def _page(request: HttpRequest, status: int, title: str, why: str, code: str = "") -> HttpResponse:
    body = loader.get_template(f"web/{status}.html").render(
        {"title": title, "why": why, "code": code, "public": _of_residents(request)}
    )
    response = HttpResponse(body, status=status)
    if code:
        response.headers["X-Error-Code"] = code
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    return _page(request, 400, _("这个请求看不懂"), _("地址或表单不完整。请从页面上重新点一次。"))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    return _page(request, 403, _("没有权限"), _("需要的话，找本单元负责人。"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose page was left open too long, or that came from elsewhere."""
    return _page(
        request, 403, _("页面放久了"), _("请回到上一页，刷新以后再交一次。没有存任何东西。")
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404: absent, or not for this person; the page does not tell which."""
    why = _("可能已经移走，也可能不在您能看的单元里。")
    if _of_residents(request):
        why = _("可能已经移走，也可能地址少了几个字。请从首页再找，或者打电话问。")
    return _page(request, 404, _("没有这一页"), why)


def not_allowed(request: HttpRequest) -> HttpResponse:
    """Answer 405: the address takes a form, and was opened without one."""
    why = _("它只收表单。请从页面上重新点一次。没有存任何东西。")
    return _page(request, 405, _("这个地址不能直接打开"), why)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a number that stands in the log beside the traceback."""
    code = new_code()
    log.error("%s at %s %s", code, request.method, request.path, exc_info=True)
    why = _("服务出错，编号%(code)s。已记录，请把编号告诉管理员。")
    if _of_residents(request):
        why = _("服务出错，编号%(code)s。已记录。请过一会儿再试，或者打电话办。")
    why %= {"code": code}
    return _page(request, 500, _("服务出错"), why, code)
