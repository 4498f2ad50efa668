"""The page of state diagrams, drawn from the tables of moves by which the services change a row's state."""

from django.apps import apps
from django.db import models

from b12clinic.states import Move

OPENING = (
    "# States\n\nWhich states a row goes through, and what takes it from one to the next. A service can take no step that is"
    " not drawn here. Overdue is no state: it is worked out from the dates.\n"
)


def models_that_move() -> list[type[models.Model]]:
    """Every model whose rows have a table of moves, by name."""
    found = [model for model in apps.get_models() if hasattr(model, "MOVES")]
    return sorted(found, key=lambda model: model.__name__)


def page() -> str:
    """One diagram for each model, then the same in a table."""
    return "\n".join([OPENING, *(part_of(model) for model in models_that_move())])


def part_of(model: type[models.Model]) -> str:
    moves: tuple[Move, ...] = model.MOVES  # type: ignore[attr-defined]
    labels = dict(model._meta.get_field("state").choices)
    steps = "".join(f"    {node(move.begins)} --> {node(move.ends)}: {move.when}\n" for move in moves)
    ends = "".join(f"    {state} --> [*]\n" for state in labels if not any(m.begins == state for m in moves))
    names = "".join(f"    {state}: {label}\n" for state, label in labels.items())
    return f"## {model._meta.verbose_name.capitalize()}\n\n```mermaid\nstateDiagram-v2\n{names}{steps}{ends}```\n"


def node(state: str) -> str:
    return state or "[*]"
