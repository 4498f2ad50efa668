from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from regimens.packs import load_packs
from regimens.presenters.differences import Asked, differences_page
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


@clinic_page("regimens.view_protocols")
@require_safe
def pack_differences(request: ClinicRequest) -> HttpResponse:
    """What every guideline gives for one situation, side by side; the address holds what is compared."""
    packs = load_packs()
    own = request.clinic.default_pack if request.clinic.default_pack in packs else next(iter(packs))
    page = differences_page(packs, Asked.of(request.GET.dict()), own)
    return render(request, "regimens/differences.html", {"page": page})
