"""Addresses of the residents' pages."""

from django.urls import path, re_path

from jiezhen.portal.views import filing, fronts, open311, opinions, photos, progress, reading
from jiezhen.records import kindnames

kindnames.register()
app_name = "portal"
_FORM = r"\.(?P<form>json|xml)$"
_CODE = r"(?P<code>[^/]{1,80}?)"
_V2 = "open311/v2"
urlpatterns = [
    path("p/", reading.home, name="home"),
    path("p/reports", reading.reports, name="reports"),
    path("p/reports/<int:ident>", reading.report, name="report"),
    path("p/reports/<int:ident>.docx", reading.word, name="word"),
    path("p/n/<slug:code>", reading.number, name="number"),
    path("p/commitments", reading.commitments, name="commitments"),
    path("p/booking", reading.booking, name="booking"),
    path("p/report", filing.choose, name="choose"),
    path("p/report/<kind:kind>", filing.report, name="filing"),
    path("p/photo/<str:token>", photos.photo, name="photo"),
    path("p/receipt", filing.receipt, name="receipt"),
    path("p/progress", progress.progress, name="progress"),
    path("p/progress/answer", progress.answer, name="answer"),
    path("p/answered", progress.answered, name="answered"),
    path("p/matters/<str:code>", progress.matter, name="matter"),
    path("p/suggest", opinions.suggest, name="suggest"),
    path("p/consultations", opinions.consultations, name="consultations"),
    path("p/consultations/<str:code>", opinions.consultation, name="consultation"),
    path("p/q/<slug:code>", opinions.place, name="place"),
    path("p/q/<slug:code>.svg", opinions.picture, name="picture"),
    path("admin/portal/codes", opinions.sheet, name="sheet"),
    re_path(rf"^open311/discovery{_FORM}", open311.discovery, name="discovery"),
    re_path(rf"^{_V2}/services{_FORM}", open311.services, name="services"),
    re_path(rf"^{_V2}/services/{_CODE}{_FORM}", open311.service, name="service"),
    re_path(rf"^{_V2}/requests{_FORM}", open311.requests, name="requests"),
    re_path(rf"^{_V2}/requests/{_CODE}{_FORM}", open311.single, name="request"),
    re_path(rf"^{_V2}/tokens/{_CODE}{_FORM}", open311.token, name="token"),
    re_path(rf"^{_V2}/servicerequestupdates{_FORM}", open311.updates, name="updates"),
    path("admin/portal", fronts.front, name="front"),
]
