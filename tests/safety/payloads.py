"""Words that must stay words: markup, templates, formulas, and text that breaks readers.

Every payload that tries markup carries the attribute or element `jzx`, so that a parsed
page shows at once whether one of them came alive.
"""

MARKUP = (
    "<script jzx>alert(1)</script>",
    "<img jzx src=x onerror=alert(1)>",
    '"><svg jzx onload=alert(1)>',
    "'><img jzx src=x onerror=alert(1)>",
    '" jzx=1 onmouseover="alert(1)',
    "' jzx=1 onfocus='alert(1)' autofocus='",
    "` jzx=1 onclick=`alert(1)",
    "</title><script jzx>alert(1)</script>",
    "</textarea><jzx>",
    "</option></select><jzx>",
    "--><jzx>",
    "]]><jzx>",
    "</td></tr></table><jzx>",
    '<a jzx href="javascript:alert(1)">x</a>',
    "<iframe jzx srcdoc='<script>alert(1)</script>'>",
    "<jzx hx-get=/logout hx-trigger=load>",
    "<form jzx action=//example.invalid><input name=password>",
    "<base jzx href=//example.invalid>",
    "<meta jzx http-equiv=refresh content=0;url=//example.invalid>",
    "<link jzx rel=stylesheet href=//example.invalid>",
    "&lt;jzx&gt;<jzx>",
    "\u003cjzx\u003e",
    "<jzx\tonerror=alert(1)//",
    "<<jzx>>",
    "</script><jzx>",
    "＜jzx＞<jzx>",
)
TEMPLATES = ("{{283*37}}", "{% debug %}", "${283*37}", "%(title)s {0} {name}")
FORMULAS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    '=HYPERLINK("http://x.invalid")',
    "＝1+1",
    '=WEBSERVICE("http://x.invalid")',
    ";=1+1",
    "'=1+1",
)
BAD_TEXT = ("\u202e反着写", "零\u200b宽", "e\u0301", "😀" * 20, "长" * 3000, "𠮷野家", "\ufeff头")
ALL = (*MARKUP, *TEMPLATES, *FORMULAS, *BAD_TEXT)


def id_number(front: str) -> str:
    """Return the resident id number with these 17 digits and its check digit."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return front + "10X98765432"[sum(int(d) * w for d, w in zip(front, weights, strict=True)) % 11]
