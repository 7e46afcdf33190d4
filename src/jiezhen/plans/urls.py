"""Addresses of plans and supervised tasks."""

from django.urls import path

from jiezhen.plans.views import documents, exports, reading, task, tasks

app_name = "plans"
_DOC = "plans/<int:year>/docs/<int:ident>"
urlpatterns = [
    path("plans", documents.files, name="files"),
    path("plans.<str:form>", exports.documents_file, name="files_file"),
    path("plans/upload", documents.upload, name="upload"),
    path("plans/<int:year>", documents.files, name="year"),
    path("plans/<int:year>/list", exports.breakdown, name="breakdown"),
    path("plans/<int:year>/list.<str:form>", exports.breakdown_file, name="breakdown_file"),
    path(_DOC, reading.document, name="document"),
    path(f"{_DOC}/file", documents.original, name="original"),
    path(f"{_DOC}/changes", documents.changes, name="changes"),
    path(f"{_DOC}/links", reading.links, name="links"),
    path(f"{_DOC}/bulk", reading.bulk, name="bulk"),
    path(f"{_DOC}/rows/<int:number>/<str:deed>", reading.act, name="act"),
    path("tasks", tasks.listing, name="tasks"),
    path("tasks.<str:form>", exports.tasks_file, name="tasks_file"),
    path("tasks/new", tasks.new, name="new_task"),
    path("tasks/remind", tasks.remind, name="remind"),
    path("tasks/notices", tasks.notices_page, name="notices"),
    path("tasks/<str:code>/edit", tasks.edit, name="edit_task"),
    path("tasks/<str:code>", task.page, name="task"),
    path("tasks/<str:code>/row", tasks.detail, name="task_row"),
    path("tasks/<str:code>/<str:deed>", task.act, name="task_act"),
    path("decisions/<int:ident>", task.decide, name="decide"),
]
