"""Settings for tests: a home of its own, SQLite in memory or the PostgreSQL that is named."""

import os
import tempfile

os.environ["JIEZHEN_HOME"] = tempfile.mkdtemp(prefix="jiezhen-test-")
os.environ["JIEZHEN_DATABASE"] = os.environ.get("JIEZHEN_TEST_PG", "")
os.environ.pop("JIEZHEN_NOW", None)

from jiezhen.conf.settings import *  # noqa: E402, F403  # the home is chosen first
from jiezhen.conf.settings import DATABASES  # noqa: E402

if os.environ["JIEZHEN_DATABASE"]:
    DATABASES["default"]["TEST"] = {"NAME": f"test_jiezhen_{os.getpid()}"}
else:
    # Named, so that every worker of a parallel run keeps a memory of its own.
    DATABASES["default"]["TEST"] = {"NAME": ":memory:"}
DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = None
AXES_ENABLED = False
STRICT = True
