from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from regimens.packs import load_packs
from regimens.presenters.protocols import pack_facts, pack_tabs, sections_of


@clinic_page("regimens.view_protocols")
@require_safe
def protocols(request: ClinicRequest) -> HttpResponse:
    """Every protocol of a guideline pack; the clinic's own pack unless another is asked for."""
    packs = load_packs()
    own = packs.get(request.clinic.default_pack, next(iter(packs.values())))
    pack = packs.get(request.GET.get("pack", ""), own)
    context = {
        "pack": pack,
        "tabs": pack_tabs(packs, pack),
        "facts": pack_facts(pack),
        "sections": sections_of(pack),
    }
    return render(request, "regimens/protocols.html", context)
