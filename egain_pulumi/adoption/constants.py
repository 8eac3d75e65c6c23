"""What the objects of a kind share, as constants of the program. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from . import naming
from .expressions import Call, Code, Expression, Merged, lines

Arguments = dict[str, Expression]
_FEW: Final = 3
"""Objects whose values may be one constant with exceptions; of two, neither is the exception."""
_WORTH: Final = 3
"""Lines that a constant must save; a reader has to look it up."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A value with a name, and the argument that it is for."""

    name: str
    argument: str
    value: Expression


def share(objects: Sequence[Arguments], names: naming.Names) -> list[Constant]:
    """Replace what these objects of a kind share, and return the constants that have it."""
    made = list[Constant]()
    for argument in dict.fromkeys(name for each in objects for name in each):
        users = [each for each in objects if isinstance(each.get(argument), dict | list)]
        values = [each[argument] for each in users]
        for constant, replaced in _constants(argument, values, names):
            made.append(constant)
            for index, value in replaced.items():
                users[index][argument] = value
    return made


def _constants(
    argument: str, values: Sequence[Expression], names: naming.Names
) -> Iterator[tuple[Constant, Mapping[int, Expression]]]:
    """Yield constants, and by index the values that they replace."""
    common = _most_common([value for value in values if isinstance(value, dict)])
    users = {
        index: value
        for index, value in enumerate(values)
        if isinstance(value, dict) and common.keys() <= value.keys()
    }
    after = [_merged(argument, common, value) for value in users.values()]
    if common and _saves(common, list(users.values()), after):
        name = names.free(argument.upper(), "_")
        replaced = {index: _merged(name, common, value) for index, value in users.items()}
        yield Constant(name, argument, common), replaced
        return
    equal: dict[str, list[int]] = {}
    for index, value in enumerate(values):
        equal.setdefault(repr(value), []).append(index)
    for found in equal.values():
        value, use = values[found[0]], Code(argument)
        if len(found) > 1 and _saves(value, [value] * len(found), [use] * len(found)):
            name = names.free(argument.upper(), "_")
            yield Constant(name, argument, value), dict.fromkeys(found, Code(name))


def _most_common(values: Sequence[dict[str, Expression]]) -> dict[str, Expression]:
    """Return the entries that more than half of these have."""
    if len(values) < _FEW:
        return {}
    counts = Counter((key, repr(part)) for value in values for key, part in value.items())
    return {
        key: part
        for value in values
        for key, part in value.items()
        if 2 * counts[key, repr(part)] > len(values) and _is_general(part)
    }


def _merged(name: str, common: dict[str, Expression], value: dict[str, Expression]) -> Expression:
    own = {key: part for key, part in value.items() if common.get(key) != part}
    return Merged(name, own) if own else Code(name)


def _saves(constant: Expression, before: Sequence[Expression], after: Sequence[Expression]) -> bool:
    """Return whether a constant is worth it."""
    if not before or not _is_general(constant):
        return False
    return _size([constant, *after]) + _WORTH <= _size(before)


def _size(values: Sequence[Expression]) -> int:
    # As long as it takes: the name of an argument is before each.
    return sum(sum(1 for _ in lines(value, "=" * 20, ",", "    ")) for value in values)


def _is_general(value: Expression) -> bool:
    """Return whether a value means the same for each object: it refers to none, and has no secret
    that only eGain knows, of which each object has its own."""
    match value:
        case Code():
            return False
        case Call(name):
            return name != "keep_secret"
        case dict():
            return all(map(_is_general, value.values()))
        case list():
            return all(map(_is_general, value))
    return True
