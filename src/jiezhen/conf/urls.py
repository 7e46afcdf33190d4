"""Every address of the product. Engines bring their own; this file only lists them."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

_ENGINES = (
    "desk",
    "plans",
    "matters",
    "activities",
    "registers",
    "records",
    "effects",
    "indicators",
    "reports",
    "portal",
    "web",
)

# Machines come most often: their door is found first.
urlpatterns: list[URLPattern | URLResolver] = []
if find_spec("jiezhen.api.urls"):
    urlpatterns.append(path("api/", import_module("jiezhen.api.urls").api.urls))
urlpatterns += [
    path("", include(f"jiezhen.{engine}.urls"))
    for engine in _ENGINES
    if find_spec(f"jiezhen.{engine}.urls")
]

handler400 = "jiezhen.web.errors.bad_request"
handler403 = "jiezhen.web.errors.forbidden"
handler404 = "jiezhen.web.errors.not_found"
handler500 = "jiezhen.web.errors.server_error"
