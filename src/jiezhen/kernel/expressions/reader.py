"""From sqlglot's tree to typed nodes; whatever is not listed here is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp

from jiezhen.kernel.expressions.literals import fit, number, same_type
from jiezhen.kernel.expressions.nodes import TYPE_TITLES, BadExpression, Column, Node, Type
from jiezhen.kernel.expressions.words import FUNCTIONS, MOST_DEPTH, too_deep

MOST_NODES = 64
#: Keeps every product far inside the range of double precision, where engines would differ.
MOST_FACTORS = 16

COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
ARITHMETIC: dict[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/"}
NUMERIC: tuple[Type, ...] = ("number", "money")
#: What sqlglot may fill in a construct of this language; anything else is an addition.
PLAIN_ARGS = {
    *("this", "expression", "expressions", "low", "high", "ifs", "true", "default", "decimals"),
    *("is_string", "quoted", "ignore_nulls", "typed", "safe"),
}
ORDERED: tuple[Type, ...] = ("number", "money", "date", "time")


def read(tree: exp.Expr, columns: Mapping[str, Column]) -> Node:
    """Return the typed form of a parsed expression.

    Raises:
        BadExpression: A construct or a mixture of types is not allowed, or it is too large.
    """
    node = _Reader(columns).node(tree)
    if node.depth > MOST_DEPTH:
        raise too_deep()
    steps = list(node.walk())
    if len(steps) > MOST_NODES:
        raise BadExpression(
            f"式子有 {len(steps)} 个部分，最多 {MOST_NODES} 个。",
            f"The expression has {len(steps)} parts; {MOST_NODES} at most.",
        )
    if sum(step.op in "*/" for step in steps) > MOST_FACTORS:
        raise BadExpression(
            f"乘除最多 {MOST_FACTORS} 次。",
            f"At most {MOST_FACTORS} multiplications and divisions.",
        )
    return node


def place(tree: exp.Expr) -> int:
    """Return where the tree stands in the text, as near as is known."""
    found = tree.find(exp.Identifier)
    start = found.meta.get("start") if found is not None else None
    return start if isinstance(start, int) else 0


class _Reader:
    """Turns sqlglot nodes into typed nodes, one method a construct."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self.columns = columns

    def node(self, tree: exp.Expr) -> Node:
        kind = type(tree)
        if tree.args.get("negate"):
            return self.negated(tree)
        self.plain(tree)
        if kind in COMPARISONS:
            return self.comparison(tree, COMPARISONS[kind])
        if kind in ARITHMETIC:
            return self.arithmetic(tree, ARITHMETIC[kind])
        if kind in CONSTRUCTS:
            return CONSTRUCTS[kind](self, tree)
        if isinstance(tree, exp.Func):
            return self.function(tree)
        raise self.strange(tree)

    def strange(self, tree: exp.Expr) -> BadExpression:
        shown = tree.sql("postgres")[:40]
        return BadExpression(
            f"不能用“{shown}”这种写法。可以用：比较、AND、OR、NOT、IN、BETWEEN、IS NULL、LIKE、"
            "加减乘除、CASE WHEN 和列出的函数。",
            f"The form {shown!r} is not allowed. Allowed: comparison, AND, OR, NOT, IN, BETWEEN, "
            "IS NULL, LIKE, + - * /, CASE WHEN and the listed functions.",
            place(tree),
        )

    def negated(self, tree: exp.Expr) -> Node:
        """Read `x NOT LIKE y` and `x IS NOT NULL` as NOT of the plain form."""
        plain = tree.copy()
        plain.set("negate", None)
        return Node("not", "flag", (self.node(plain),))

    def plain(self, tree: exp.Expr) -> None:
        """Refuse a construct with additions that would be lost, such as LIKE ... ESCAPE."""
        extra = {key for key, part in tree.args.items() if part} - PLAIN_ARGS
        if extra:
            raise self.strange(tree)

    def paren(self, tree: exp.Expr) -> Node:
        return self.node(tree.this)

    def column(self, tree: exp.Expr) -> Node:
        column = self.columns.get(tree.name)
        if column is None or tree.args.get("table"):
            raise BadExpression(f"没有“{tree.name}”。", f"There is no {tree.name!r}.", place(tree))
        return Node("column", column.type, column=column)

    def literal(self, tree: exp.Expr) -> Node:
        if tree.is_string:
            return Node("literal", "text", value=str(tree.this))
        return Node("literal", "number", value=number(str(tree.this)))

    def boolean(self, tree: exp.Expr) -> Node:
        return Node("literal", "flag", value=bool(tree.this))

    def bare_null(self, tree: exp.Expr) -> Node:
        raise BadExpression(
            "NULL 只能写在 IS NULL 或 IS NOT NULL 里。",
            "NULL stands only in IS NULL or IS NOT NULL.",
            place(tree.parent) if tree.parent else 0,
        )

    def junction(self, tree: exp.Expr) -> Node:
        """Flatten a chain, so that twenty conditions in a row are one level."""
        kind = type(tree)
        parts: list[Node] = []
        waiting = [tree]
        while waiting:
            part = waiting.pop()
            if type(part) is kind:
                waiting += [part.expression, part.this]
            else:
                parts.append(self.flag(part))
        return Node("and" if kind is exp.And else "or", "flag", tuple(parts))

    def flag(self, tree: exp.Expr) -> Node:
        return self.expect(self.node(tree), ("flag",), tree)

    def expect(self, node: Node, types: tuple[Type, ...], tree: exp.Expr) -> Node:
        if node.type in types:
            return node
        wanted = "或".join(TYPE_TITLES[kind] for kind in types)
        shown = tree.sql("postgres")[:60]
        raise BadExpression(
            f"“{shown}”是{TYPE_TITLES[node.type]}，这里要{wanted}。",
            f"{shown!r} is {node.type}; {' or '.join(types)} is needed here.",
            place(tree),
        )

    def negation(self, tree: exp.Expr) -> Node:
        return Node("not", "flag", (self.flag(tree.this),))

    def negative(self, tree: exp.Expr) -> Node:
        node = self.expect(self.node(tree.this), NUMERIC, tree.this)
        if node.op == "literal" and isinstance(node.value, int | float):
            return Node("literal", node.type, value=-node.value)
        return Node("negative", node.type, (node,))

    def comparison(self, tree: exp.Expr, sign: str) -> Node:
        pair = [self.node(tree.this), self.node(tree.expression)]
        self.not_quoted(pair, tree)
        args = same_type(pair, place(tree))
        if sign not in ("=", "<>"):
            self.ordered(args[0], tree)
        return Node(sign, "flag", tuple(args))

    def not_quoted(self, pair: list[Node], tree: exp.Expr) -> None:
        """Refuse flag = 'yes' with the cure: a flag stands by itself."""
        flag = next((node.column for node in pair if node.type == "flag" and node.column), None)
        if flag is not None and any(node.type == "text" for node in pair):
            raise BadExpression(
                f"“{flag.name}”是“是否”项，直接写 {flag.name} 或 NOT {flag.name}。",
                f"{flag.name!r} is a flag; write {flag.name} or NOT {flag.name}.",
                place(tree),
            )

    def ordered(self, node: Node, tree: exp.Expr) -> None:
        if node.type not in ORDERED:
            raise BadExpression(
                f"{TYPE_TITLES[node.type]}不能比大小，只能用 =、<>、IN。",
                f"{node.type} has no order; use =, <> or IN.",
                place(tree),
            )

    def between(self, tree: exp.Expr) -> Node:
        parts = [tree.this, tree.args["low"], tree.args["high"]]
        args = same_type([self.node(part) for part in parts], place(tree))
        self.ordered(args[0], tree)
        return Node("between", "flag", tuple(args))

    def membership(self, tree: exp.Expr) -> Node:
        listed = tree.expressions
        subject = self.node(tree.this)
        items = [self.node(item) for item in listed]
        if not items or any(item.op != "literal" for item in items) or subject.type == "flag":
            raise BadExpression(
                "IN 后面要写一列具体的值，例如 IN ('a', 'b')。",
                "IN needs a list of plain values, as in IN ('a', 'b').",
                place(tree),
            )
        return Node("in", "flag", tuple(same_type([subject, *items], place(tree))))

    def null(self, tree: exp.Expr) -> Node:
        if not isinstance(tree.expression, exp.Null):
            raise BadExpression(
                "IS 后面只能写 NULL 或 NOT NULL。",
                "Only NULL or NOT NULL may follow IS.",
                place(tree),
            )
        return Node("null", "flag", (self.node(tree.this),))

    def like(self, tree: exp.Expr) -> Node:
        subject = self.expect(self.node(tree.this), ("text",), tree.this)
        pattern = self.node(tree.expression)
        if pattern.op != "literal" or pattern.type != "text":
            raise BadExpression(
                "LIKE 后面要写引号里的文字，例如 LIKE '%路%'。",
                "LIKE needs a quoted text, as in LIKE '%road%'.",
                place(tree),
            )
        return Node("like", "flag", (subject,), value=pattern.value)

    def arithmetic(self, tree: exp.Expr, sign: str) -> Node:
        pair = [self.expect(self.node(t), NUMERIC, t) for t in (tree.this, tree.expression)]
        if sign in "+-":
            left, right = same_type(pair, place(tree))
            return Node(sign, left.type, (left, right))
        types = (pair[0].type, pair[1].type)
        if types == ("money", "money") and sign == "/":
            return Node(sign, "number", tuple(pair))
        if types == ("money", "money") or (sign == "/" and types[1] == "money"):
            raise BadExpression(
                "金额只能乘以数、除以数，或除以金额。",
                "Money can be multiplied or divided by a number, or divided by money.",
                place(tree),
            )
        return Node(sign, "money" if "money" in types else "number", tuple(pair))

    def case(self, tree: exp.Expr) -> Node:
        if tree.this is not None:
            raise BadExpression(
                "请写成 CASE WHEN 条件 THEN 值 ELSE 值 END。",
                "Write CASE WHEN condition THEN value ELSE value END.",
                place(tree),
            )
        conditions = [self.flag(branch.this) for branch in tree.args["ifs"]]
        values = [self.node(branch.args["true"]) for branch in tree.args["ifs"]]
        default = tree.args.get("default")
        if default is not None:
            values.append(self.node(default))
        values = same_type(values, place(tree))
        args: list[Node] = []
        for condition, value in zip(conditions, values, strict=False):
            args += [condition, value]
        return Node("case", values[0].type, (*args, *values[len(conditions) :]))

    def function(self, tree: exp.Expr) -> Node:
        name = FUNCTION_NODES.get(type(tree)) or tree.name.lower()
        trees = _arguments(tree)
        fewest, most = FUNCTIONS.get(name, (1, 0))
        if not fewest <= len(trees) <= most:
            raise BadExpression(
                f"函数 {name} 要 {fewest}{f' 到 {most}' if most > fewest else ''} 个值，"
                f"这里有 {len(trees)} 个。",
                f"{name} takes {fewest}{f' to {most}' if most > fewest else ''} values, "
                f"not {len(trees)}.",
                place(tree),
            )
        if name == "round":
            return self.rounded(trees)
        args = [self.node(part) for part in trees]
        takes = TAKES.get(name)
        if takes is None:
            args = same_type(args, place(tree))
            if name != "coalesce":
                self.ordered(args[0], tree)
            return Node(name, args[0].type, tuple(args))
        args = [fit(arg, takes[0][0], place(tree)) for arg in args]
        for arg, part in zip(args, trees, strict=True):
            self.expect(arg, takes[0], part)
        return Node(name, takes[1] or args[0].type, tuple(args))

    def rounded(self, trees: list[exp.Expr]) -> Node:
        subject = self.expect(self.node(trees[0]), NUMERIC, trees[0])
        digits = self.node(trees[1]) if len(trees) > 1 else Node("literal", "number", value=0)
        most = 2 if subject.type == "money" else 4
        whole = digits.op == "literal" and isinstance(digits.value, int)
        if not whole or not 0 <= int(str(digits.value)) <= most:
            raise BadExpression(
                f"ROUND 的位数要写 0 到 {most} 的整数。",
                f"ROUND needs a whole number of digits from 0 to {most}.",
                place(trees[0]),
            )
        if any(step.op == "round" for step in subject.walk()):
            raise BadExpression(
                "ROUND 里不能再套 ROUND。", "ROUND cannot hold ROUND.", place(trees[0])
            )
        return Node("round", subject.type, (subject,), value=digits.value)


#: What a function takes and gives; None gives the type of its argument.
TAKES: dict[str, tuple[tuple[Type, ...], Type | None]] = {
    "abs": (NUMERIC, None),
    "length": (("text",), "number"),
    "year": (("date",), "number"),
    "month": (("date",), "number"),
    "days_between": (("date",), "number"),
}

FUNCTION_NODES: dict[type[exp.Expr], str] = {
    exp.Abs: "abs",
    exp.Coalesce: "coalesce",
    exp.Greatest: "greatest",
    exp.Least: "least",
    exp.Length: "length",
    exp.Month: "month",
    exp.Round: "round",
    exp.Year: "year",
}

CONSTRUCTS: dict[type[exp.Expr], Callable[[_Reader, exp.Expr], Node]] = {
    exp.Paren: _Reader.paren,
    exp.Column: _Reader.column,
    exp.Literal: _Reader.literal,
    exp.Boolean: _Reader.boolean,
    exp.Null: _Reader.bare_null,
    exp.And: _Reader.junction,
    exp.Or: _Reader.junction,
    exp.Not: _Reader.negation,
    exp.Neg: _Reader.negative,
    exp.Between: _Reader.between,
    exp.In: _Reader.membership,
    exp.Is: _Reader.null,
    exp.Like: _Reader.like,
    exp.Case: _Reader.case,
}


def _arguments(tree: exp.Expr) -> list[exp.Expr]:
    """Return the arguments of a call in the order written."""
    if isinstance(tree, exp.Anonymous):
        return list(tree.expressions)
    found: list[exp.Expr] = []
    for part in (tree.args.get("this"), tree.args.get("decimals"), tree.args.get("expressions")):
        if isinstance(part, list):
            found += part
        elif isinstance(part, exp.Expr):
            found.append(part)
    return found
