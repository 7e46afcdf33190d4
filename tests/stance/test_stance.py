"""What the product will not do, held by tests: docs/safety.md says it in words."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist

import jiezhen
from jiezhen.conftest import Cast
from jiezhen.packs import registry
from jiezhen.packs.errors import PackError
from jiezhen.people.models import Account
from jiezhen.records import queries
from jiezhen.records.access import NoSuchRecord

SOURCE = Path(jiezhen.__file__).parent
REFUSED_WORDS = ("打卡", "积分排名", "在线时长", "人脸", "考勤", "风险人员")


def pack(tmp_path: Path, kinds: str) -> list[Path]:
    folder = tmp_path / "trial"
    folder.mkdir()
    (folder / "pack.yaml").write_text("pack: trial\ntitle: 试\nsource: {document: 试}\n", "utf-8")
    (folder / "kinds.yaml").write_text(kinds, "utf-8")
    return [registry.BUILT_IN / "office", folder]


KIND = "kinds: {{a: {{title: {title}, shape: entry, code: JA, label: '{{n}}', fields: {{n: {field}}}}}}}"


@pytest.mark.parametrize(
    "type_",
    [
        "face_template",
        "person_score",
        "voiceprint",
        "plate_number",
        "gait",
        "fingerprint",
        "track",
    ],
)
def test_no_pack_brings_a_type_for_recognising_or_scoring(tmp_path: Path, type_: str) -> None:
    with pytest.raises(PackError) as refused:
        registry.load(
            pack(tmp_path, KIND.format(title="甲", field=f"{{title: 值, type: {type_}}}"))
        )
    assert type_ in refused.value.message


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("person_score", "分"),
        ("face_id", "脸"),
        ("v", "人脸特征"),
        ("v", "居民评分"),
        ("v", "打卡时间"),
        ("v", "在线时长"),
        ("citizen_score", "分"),
        ("v", "行踪轨迹"),
    ],
)
def test_no_pack_brings_such_a_field_under_another_type(
    tmp_path: Path, name: str, title: str
) -> None:
    kinds = KIND.format(title="甲", field="{title: 名, type: text}").replace(
        "fields: {", f"fields: {{{name}: {{title: {title}, type: number}}, "
    )
    with pytest.raises(PackError):
        registry.load(pack(tmp_path, kinds))


def faces() -> list[Path]:
    """Return everything whose words reach a screen."""
    found = [
        *SOURCE.rglob("templates/**/*.html"),
        *SOURCE.rglob("locale/**/*.po"),
        *(SOURCE / "packs" / "catalogue").rglob("*.yaml"),
        *SOURCE.rglob("static/**/*.js"),
    ]
    return found + [
        p
        for p in SOURCE.rglob("*.py")
        if not {"tests", "migrations"} & set(p.parts) and p.name != "stance.py"
    ]


def test_no_page_or_message_speaks_of_time_clocks_or_rankings() -> None:
    found = [(p.name, w) for p in faces() for w in REFUSED_WORDS if w in p.read_text("utf-8")]
    assert found == []


def test_there_is_no_superuser() -> None:
    for flag in ("is_superuser", "is_staff"):
        with pytest.raises(FieldDoesNotExist):
            Account._meta.get_field(flag)
        assert not hasattr(Account(username="x"), flag)
    assert not hasattr(get_user_model().objects, "create_superuser")
    code = "\n".join(p.read_text("utf-8") for p in SOURCE.rglob("*.py") if "tests" not in p.parts)
    assert not re.search(r"\bis_superuser\b|SKIP_PERMISSION", code)


def test_the_administrator_reads_no_business_record(cast: Cast, still: object) -> None:
    from jiezhen.conftest import AT
    from jiezhen.records import operations

    row = operations.create(
        cast.viewers["section"], "eldercare.elder", cast.unit("c1"), {"name": "甄某"}, AT
    )
    for who in ("administrator", "security", "auditor"):
        viewer = cast.viewers[who]
        assert not viewer.may("see") and not viewer.may("reveal") and not viewer.may("export")
        with pytest.raises(NoSuchRecord):
            queries.record_for(viewer, "eldercare.elder", row.code)
        client = cast.client(who)
        for path in (
            f"/records/eldercare.elder/{row.code}",
            "/records/eldercare.elder",
            "/records/eldercare.elder.csv",
            "/registers/eldercare.elder",
            "/api/records/eldercare.elder",
            f"/api/records/eldercare.elder/{row.code}",
        ):
            assert client.get(path).status_code in (403, 404), (who, path)
        assert "甄" not in client.get("/search?q=甄").content.decode().replace(
            'value="甄"', ""
        ).replace("“甄”", "")


def test_the_three_officials_are_kept_apart() -> None:
    rights = {
        name: {r.may for r in role.rights} for name, role in registry.catalogue().roles.items()
    }
    assert not rights["auditor"] & (rights["administrator"] | rights["security"])
    business = {"see", "change", "import", "export", "reveal"}
    assert not any(rights[who] & business for who in ("auditor", "administrator", "security"))
    assert "units.edit" not in rights["administrator"]


def django(home: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    env = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "JIEZHEN_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "jiezhen.conf.settings",
        **settings,
    }
    return subprocess.run(
        [sys.executable, "-c", words[0]]
        if len(words) == 1
        else [sys.executable, "-m", "django", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=env,
    )


def test_the_deployment_check_is_clean_over_https(tmp_path: Path) -> None:
    # On a day far from the end of the known holidays, of which another test tells.
    day = {"JIEZHEN_HTTPS": "yes", "JIEZHEN_NOW": "2023-07-03"}
    done = django(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **day)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("option", ["JIEZHEN_DEMO", "JIEZHEN_DEBUG"])
def test_the_deployment_check_refuses_demonstration_and_debugging(
    tmp_path: Path, option: str
) -> None:
    done = django(tmp_path, "check", "--deploy", JIEZHEN_HTTPS="yes", **{option: "yes"})
    assert done.returncode != 0 and "jiezhen.E3" in done.stderr


@pytest.mark.slow
def test_a_fresh_installation_has_no_account(tmp_path: Path) -> None:
    done = django(
        tmp_path,
        (
            "import django; django.setup()\n"
            "from django.core.management import call_command\n"
            "call_command('migrate', verbosity=0, run_syncdb=True)\n"
            "from jiezhen.people.models import Account, Token\n"
            "print('accounts', Account.objects.count() + Token.objects.count())\n"
        ),
    )
    assert "accounts 0" in done.stdout, done.stderr


def test_demonstration_accounts_do_not_open_a_production(cast: Cast, settings, client) -> None:
    """A data folder that was a demonstration once must not keep its published password."""
    from jiezhen.conftest import AT
    from jiezhen.desk import demonstration
    from jiezhen.units import operations as units

    known = demonstration.users()[0]
    account = Account.objects.create_user(known.username, demonstration.PASSWORD, name=known.name)
    units.post(cast.system, account, "yunxiu", known.role, AT)
    sent = {"username": known.username, "password": demonstration.PASSWORD}
    settings.DEMO = False
    answer = client.post("/login", sent)
    assert answer.status_code == 422 and "_auth_user_id" not in client.session
    assert demonstration.PASSWORD not in client.get("/login").content.decode()
    settings.DEMO = True
    assert client.post("/login", sent).status_code == 302
