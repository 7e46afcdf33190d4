"""Pure decisions about services: which field counts them."""

from jiezhen.packs.schema import Kind

#: Units that count people served, in the order in which they are looked for.
PEOPLE = ("人次", "人", "户次", "户", "家次", "家", "场", "次", "件", "份", "个")


def counted(kind: Kind) -> str:
    """Return the name of the number that a service is told by (人次 before all); "" for none."""
    numbers = {n: f for n, f in kind.fields.items() if f.type == "number" and f.unit in PEOPLE}
    ranked = sorted(
        numbers, key=lambda n: (not numbers[n].required, PEOPLE.index(str(numbers[n].unit)))
    )
    return ranked[0] if ranked else ""


def quick_order(kind: Kind) -> list[str]:
    """Return the kind's fields as the quick form asks for them: the count first."""
    first = counted(kind)
    needed = [n for n, f in kind.fields.items() if f.required and n != first]
    rest = [n for n, f in kind.fields.items() if not f.required and n != first]
    return [*([first] if first else []), *needed, *rest]
