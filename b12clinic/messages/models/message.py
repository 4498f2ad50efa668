import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from b12clinic.messages.models.random_uuid import RandomUuid
from b12clinic.states import Move, MovingQuerySet
from b12clinic.vocabulary import Channel


class Audience(models.TextChoices):
    """Whom a message is for. What is for staff waits in the clinic's inbox, where each role sees its own."""

    PATIENT = "patient", "Patient"
    NURSE = "nurse", "Nurses"
    PRESCRIBER = "prescriber", "Prescribers"
    CLINIC = "clinic", "Clinic"


class MessageState(models.TextChoices):
    """Where a message stands. `uncertain`: it was handed over and the outcome never came back; a person decides.

    `merged`: it leaves, or left, in the words of another message to the same patient. `ended`: a person told them
    otherwise, or found it no longer needed; unlike one withdrawn it is owed again by nothing.
    """

    OWED = "owed", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    UNCERTAIN = "uncertain", "Outcome unknown"
    WITHDRAWN = "withdrawn", "Withdrawn"
    MERGED = "merged", "Said in another message"
    ENDED = "ended", "Ended by hand"


class Message(models.Model):
    """One reminder owed to somebody, and what became of it: outbox and ledger in one row.

    Unique on what it speaks of, the date it speaks of, the step of the ladder, whom it is for and by which channel,
    so that any number of sweeps owe it once. `leased_until` is a sender's claim, `handed_over_at` is committed just
    before the message leaves: a lease lost before it is tried again, after it the outcome is uncertain. `urgent` ones
    wait neither for the morning nor for another message's day. `provider_id` is what a gateway calls it and
    `reference` what we call it there, the same for every attempt; `delivered_at` is when the gateway says that it
    arrived. `batch` is the pile of letters that a letter was printed in.
    """

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUuid(), unique=True, editable=False)
    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, null=True, related_name="messages"
    )
    kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    about_on = models.DateField()
    step = models.CharField(max_length=24)
    audience = models.CharField(max_length=16, choices=Audience.choices)
    channel = models.CharField(max_length=16, choices=Channel.choices())
    urgent = models.BooleanField(default=False, db_default=False)
    state = models.CharField(
        max_length=16, choices=MessageState.choices, default=MessageState.OWED, db_default=MessageState.OWED
    )
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    attempts = models.PositiveIntegerField(default=0, db_default=0)
    next_try_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=100, blank=True, db_default="")
    reference = models.CharField(max_length=100, blank=True, db_default="")
    batch = models.ForeignKey(
        "messages_ledger.LetterBatch", on_delete=models.PROTECT, null=True, related_name="letters"
    )
    recipient = models.CharField(max_length=254, blank=True, db_default="")
    why = models.TextField(blank=True, db_default="")
    owed_at = models.DateTimeField(db_default=Now())

    objects = MovingQuerySet["Message"].as_manager()

    MOVES = (
        Move("", MessageState.OWED, "a sweep finds it owed"),
        Move(MessageState.OWED, MessageState.SENDING, "a sender claims it"),
        Move(MessageState.OWED, MessageState.WITHDRAWN, "no longer owed"),
        Move(
            MessageState.OWED, MessageState.SENT, "a letter is printed, or the gateway says that it arrived"
        ),
        Move(MessageState.OWED, MessageState.FAILED, "a letter lacks its address, or it did not arrive"),
        Move(MessageState.WITHDRAWN, MessageState.OWED, "what withdrew it was a mistake, or is no longer so"),
        Move(MessageState.SENDING, MessageState.SENT, "handed over and accepted"),
        Move(
            MessageState.SENDING,
            MessageState.OWED,
            "refused for now, or the sender died before handing it over",
        ),
        Move(MessageState.SENDING, MessageState.FAILED, "refused for good, or too often"),
        Move(MessageState.SENDING, MessageState.WITHDRAWN, "no longer owed, asked just before it leaves"),
        Move(MessageState.SENDING, MessageState.UNCERTAIN, "handed over, and no word came back"),
        Move(
            MessageState.UNCERTAIN,
            MessageState.SENT,
            "its sender comes back and knows, or a person knows that it arrived",
        ),
        Move(MessageState.UNCERTAIN, MessageState.FAILED, "its sender comes back and knows"),
        Move(MessageState.UNCERTAIN, MessageState.UNCERTAIN, "its sender comes back and does not know"),
        Move(
            MessageState.UNCERTAIN,
            MessageState.OWED,
            "a person sends it again, or its sender comes back: refused",
        ),
        Move(MessageState.UNCERTAIN, MessageState.ENDED, "a person told them otherwise"),
        Move(MessageState.FAILED, MessageState.OWED, "a person sends it again"),
        Move(MessageState.FAILED, MessageState.WITHDRAWN, "what it spoke of has been dealt with"),
        Move(MessageState.FAILED, MessageState.ENDED, "a person told them otherwise"),
        Move(MessageState.FAILED, MessageState.SENT, "the gateway says that it arrived after all"),
        Move(MessageState.SENT, MessageState.WITHDRAWN, "what lay in the clinic's inbox has been dealt with"),
        Move(MessageState.SENT, MessageState.FAILED, "the gateway says that it did not arrive"),
        Move(
            MessageState.OWED, MessageState.MERGED, "another message to the patient says it on the same day"
        ),
        Move(MessageState.MERGED, MessageState.OWED, "the message that was to say it is withdrawn"),
        Move(MessageState.MERGED, MessageState.WITHDRAWN, "no longer owed, asked just before it is said"),
        Move(MessageState.MERGED, MessageState.ENDED, "a person ended the message that was to say it"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id", "about_on", "step", "audience", "channel"],
                name="message_owed_once",
            ),
            models.CheckConstraint(name="message_state_known", condition=Q(state__in=MessageState.values)),
            models.CheckConstraint(name="message_audience_known", condition=Q(audience__in=Audience.values)),
            models.CheckConstraint(
                name="message_channel_known", condition=Q(channel__in=[channel.value for channel in Channel])
            ),
            models.CheckConstraint(
                name="message_sent_has_moment",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="message_sending_has_lease",
                condition=~Q(state="sending") | Q(leased_until__isnull=False),
            ),
            models.CheckConstraint(
                name="message_merged_says_where",
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
            ),
            models.CheckConstraint(
                name="message_in_a_batch_is_a_sent_letter",
                condition=Q(batch__isnull=True) | Q(channel="letter", state="sent"),
            ),
            models.CheckConstraint(
                name="message_to_patient_names_one",
                condition=~Q(audience="patient") | Q(patient__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(state="owed"), name="message_outbox"),
            models.Index(fields=["leased_until"], condition=Q(state="sending"), name="message_leases"),
            models.Index(fields=["clinic", "-id"], name="message_by_clinic"),
            models.Index(
                fields=["clinic", "kind", "subject_id", "about_on"],
                condition=Q(state="sent", channel="inbox"),
                name="message_in_inbox",
            ),
            models.Index(fields=["patient", "-id"], name="message_by_patient"),
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="message_by_provider"),
            models.Index(fields=["reference"], condition=~Q(reference=""), name="message_by_reference"),
        ]

    def __str__(self) -> str:
        return (
            f"{self.kind} {self.subject_id} {self.about_on} {self.step} → {self.audience} by {self.channel}"
        )
