from django.db import models


class DailyWord(models.Model):
    """The one message that a patient gets on a day of theirs: taken before it leaves, given back when it was refused."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    message = models.OneToOneField(
        "messages_ledger.Message", on_delete=models.CASCADE, related_name="daily_word"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "on"], name="one_message_a_patient_a_day")]

    def __str__(self) -> str:
        return f"patient {self.patient_id} on {self.on}"
