"""For whom a command works: the office, and the machine that acts in it."""

from jiezhen.conf.commands import fail
from jiezhen.people.access import Viewer, system_viewer
from jiezhen.units import queries as units


def machine(code: str) -> Viewer:
    """Return a viewer that acts for the machine in an office; the only one when no code is given.

    Who may run commands on the server may do everything; the trail names the command line.
    """
    offices = units.offices()
    found = [o for o in offices if not code or o.code == code]
    if not offices:
        fail("还没有街镇。先运行 jiezhen demo，或建一个。", "There is no office yet.")
    if not found:
        fail(f"没有街镇“{code}”。", f"There is no office {code!r}.")
    if len(found) > 1:
        names = "、".join(o.code for o in found)
        fail(f"有几个街镇（{names}），请用 --office 说是哪一个。", "Say which --office.")
    return system_viewer(found[0].id, found[0].path, found[0].title)
