"""Closed lists that only regimens speak: what came of a call, what is decided on a late dose, how the nerves fare."""

from __future__ import annotations

from b12clinic.vocabulary import Coded


class ContactChannel(Coded):
    """How somebody tried to reach a patient."""

    PHONE = ("phone", "Telephone")
    SMS = ("sms", "Text message")
    EMAIL = ("email", "E-mail")
    LETTER = ("letter", "Letter")
    VISIT = ("visit", "In person")


class ContactOutcome(Coded):
    """What came of an attempt to reach a patient about a dose that is owed. None of them ends what is owed."""

    AGREED_TO_VISIT = ("agreed_to_visit", "Agreed to come")
    REMIND_TO_CALL_LATER = ("remind_to_call_later", "Call again later")
    NO_ANSWER = ("no_answer", "No answer")
    LEFT_MESSAGE = ("left_message", "Left a message")
    WRONG_NUMBER = ("wrong_number", "Wrong number or address")
    DECLINED = ("declined", "Declines the injection")
    REMOVED = ("removed", "Not to be called about this")


class LateChoice(Coded):
    """What a clinician decides on a dose so late that the rules ask for a review."""

    CONTINUE = ("continue", "Continue as planned")
    REANCHOR = ("reanchor", "Count from the last injection")
    RESTART = ("restart", "Restart the loading")
    STOP = ("stop", "Stop the regimen")


class NeuroChange(Coded):
    """How the neurological picture stands against the last review."""

    IMPROVING = ("improving", "Still improving")
    UNCHANGED = ("unchanged", "No further improvement")
    WORSE = ("worse", "Worse")
