"""Log lines as fields. What could tell who a patient is never reaches them.

Lines carry ids and counts; a field that names a person is emptied here, as the last wall and not the first.
"""

import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

PERSONAL = frozenset(
    {
        "name",
        "given_name",
        "family_name",
        "username",
        "email",
        "phone",
        "address",
        "born_on",
        "sex",
        "identifier",
    }
    | {"body", "text", "note", "reason", "value", "password", "query"}
)


def leave_out_personal(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Empty every field that names a person or says something about one."""
    return {key: "[left out]" if key in PERSONAL else value for key, value in event.items()}


def traceback_of(exc_info: structlog.typing.ExcInfo) -> str:
    """The traceback without what the database adds to an error: its detail quotes the row, names and numbers and all."""
    text = "".join(traceback.format_exception(*exc_info))
    error: BaseException | None = exc_info[1]
    while error is not None:
        said = str(error)
        text = text.replace(said, said.partition("\nDETAIL:")[0]) if "\nDETAIL:" in said else text
        error = error.__cause__ or error.__context__
    return text


def configuration(*, level: str, as_json: bool) -> dict[str, Any]:
    """The LOGGING setting: one line an event on standard error, JSON for machines or plain text for a terminal."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        leave_out_personal,
    ]
    last: list[Any] = [structlog.processors.ExceptionRenderer(traceback_of)]
    if as_json:
        last.append(structlog.processors.JSONRenderer())
    else:  # no local variables: they hold what was typed
        plain = structlog.dev.plain_traceback
        last.append(structlog.dev.ConsoleRenderer(colors=False, exception_formatter=plain))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
            # Its messages carry the address asked for, and an address may hold a search; request_log writes the path alone.
            "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            "axes": {"level": "ERROR"},
            # A line a request, with the gateway's whole address.
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
        },
    }
