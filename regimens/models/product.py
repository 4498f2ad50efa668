from django.db import models
from django.db.models import Q

from b12clinic.vocabulary import Drug


class Product(models.Model):
    """A preparation in a clinic's formulary, with the strength from which the volume to draw up is worked out.

    `gtin` is the article number in the code on its box (GS1, 14 digits), by which a scanner finds it.
    """

    clinic = models.ForeignKey("accounts.Clinic", on_delete=models.PROTECT, related_name="products")
    name = models.CharField(max_length=120)
    drug = models.CharField(max_length=24, choices=Drug.choices())
    mcg_per_ml = models.PositiveIntegerField()
    holds_benzyl_alcohol = models.BooleanField(default=False)
    gtin = models.CharField(max_length=14, blank=True, db_default="")
    in_use = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "name"], name="product_name_once_per_clinic"),
            models.UniqueConstraint(
                fields=["clinic", "gtin"], condition=~Q(gtin=""), name="product_gtin_once_per_clinic"
            ),
            models.CheckConstraint(name="product_drug_known", condition=Q(drug__in=[d.value for d in Drug])),
            models.CheckConstraint(name="product_strength_positive", condition=Q(mcg_per_ml__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name
