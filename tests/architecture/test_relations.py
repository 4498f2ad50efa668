"""A foreign key written as a string escapes the import contracts: no model may point at an app above its own."""

from django.apps import apps

LOWEST_FIRST = ("jobs", "accounts", "patients", "messages_ledger", "monitoring", "regimens")


def relations():
    """Every relation between our own apps, as (from, to)."""
    for model in apps.get_models():
        if model._meta.app_label in LOWEST_FIRST:
            for field in model._meta.get_fields():
                target = getattr(field, "related_model", None)
                if field.concrete and target is not None and target._meta.app_label in LOWEST_FIRST:
                    yield model, target


def test_no_model_points_at_an_app_above_its_own():
    floor = LOWEST_FIRST.index
    upward = [
        f"{model.__name__} → {target.__name__}"
        for model, target in relations()
        if floor(target._meta.app_label) > floor(model._meta.app_label)
    ]

    assert upward == []


def test_relations_between_apps_are_found_at_all():
    found = {(model.__name__, target.__name__) for model, target in relations()}

    assert ("Dose", "Patient") in found and ("Result", "Patient") in found
