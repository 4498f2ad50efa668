from django.db import models


class Beat(models.Model):
    """When a piece of recurring work of a clinic was last done to its end: a worker that is alive but idle shows here."""

    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.CASCADE, related_name="beats")
    work = models.CharField(max_length=32)
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "work"], name="beat_once_per_work")]

    def __str__(self) -> str:
        return f"{self.work} of clinic {self.clinic_id} at {self.done_at:%Y-%m-%d %H:%M}"
