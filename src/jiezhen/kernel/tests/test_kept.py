"""What is kept is fresh at once in its own process and within its seconds elsewhere."""

from jiezhen.kernel.kept import Kept


class World:
    """A value with a stamp, a clock that is moved by hand, and counts of what was asked."""

    def __init__(self) -> None:
        self.value, self.now, self.looks, self.loads = 1, 0.0, 0, 0
        self.kept: Kept[str, int] = Kept(30, lambda: self.now)

    def stamp(self) -> int:
        self.looks += 1
        return self.value

    def load(self) -> int:
        self.loads += 1
        return self.value

    def get(self) -> int:
        return self.kept.get("k", self.stamp, self.load)


def test_a_value_is_read_once_and_looked_at_at_most_every_thirty_seconds() -> None:
    world = World()
    for second in range(60):
        world.now = float(second)
        assert world.get() == 1
    assert (world.loads, world.looks) == (1, 2)


def test_another_process_change_is_noticed_within_thirty_seconds() -> None:
    world = World()
    world.get()
    world.value, world.now = 2, 29.9
    assert world.get() == 1
    world.now = 30.0
    assert world.get() == 2


def test_what_is_forgotten_is_read_anew() -> None:
    world = World()
    world.get()
    world.value = 2
    world.kept.forget("k")
    assert world.get() == 2


def test_a_reading_that_was_overtaken_is_not_kept() -> None:
    world = World()

    def overtaken() -> int:
        old = world.value
        world.value = 2
        world.kept.forget("k")
        return old

    assert world.kept.get("k", world.stamp, overtaken) == 1
    assert world.get() == 2
