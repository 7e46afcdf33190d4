"""Take callers out of the hotline cases that were kept before, and tell nobody of old moves."""

import hashlib
import hmac
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import migrations

ZONE = ZoneInfo("Asia/Shanghai")


def set_apart(apps, schema_editor):
    """Move name and phone of each case into the record that is kept apart."""
    matter, party = apps.get_model("matters", "Matter"), apps.get_model("matters", "Party")
    apps.get_model("matters", "Move").objects.update(told=True)
    rows = matter._base_manager.filter(kind="hotline.case").only("id", "data", "created_at")
    for row in rows.iterator(500):
        name, phone = row.data.pop("caller", ""), row.data.pop("phone", "")
        if not name and not phone:
            continue
        finger = hmac.new(settings.FIELD_KEY, phone.upper().encode(), hashlib.sha256).hexdigest()
        party.objects.create(
            matter_id=row.pk,
            role="caller",
            name=name or "",
            phone=phone or "",
            phone_finger=finger if phone else "",
            at=row.created_at,
        )
        matter._base_manager.filter(pk=row.pk).update(data=row.data)


def date_by_day(apps, schema_editor):
    """Let open matters with a deadline by day stand among the clocks of the queue."""
    matter = apps.get_model("matters", "Matter")
    rows = matter._base_manager.filter(due_on__isnull=False, closed_on=None, due_at=None)
    for row in rows.only("id", "due_on").iterator(500):
        end = datetime.combine(row.due_on, time(23, 59, 59), ZONE)
        begin = datetime.combine(row.due_on, time(0), ZONE)
        matter._base_manager.filter(pk=row.pk).update(due_at=end, warn_at=begin)


class Migration(migrations.Migration):
    """Rows that were kept before callers had a record of their own."""

    dependencies = [("matters", "0002_clocks_and_callers")]
    operations = [
        migrations.RunPython(set_apart, migrations.RunPython.noop),
        migrations.RunPython(date_by_day, migrations.RunPython.noop),
    ]
