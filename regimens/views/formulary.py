from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.presenters.clinic_tabs import clinic_tabs
from regimens.forms.formulary import ProductForm
from regimens.models import Product
from regimens.queries.formulary import formulary_of
from regimens.services.formulary import NotInFormulary, add_product, restore_product, retire_product


@clinic_page("accounts.set_up_clinic")
@require_http_methods(["GET", "HEAD", "POST"])
def formulary(request: ClinicRequest) -> HttpResponse:
    """The preparations that the clinic gives; one is added here."""
    form = ProductForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            product = add_product(
                clinic=request.clinic, **form.cleaned_data, by=request.user, at=timezone.now()
            )
        except NotInFormulary as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, f"{product.name} is in the formulary.")
            return redirect("regimens:formulary")
    return _page(request, form)


@clinic_page("accounts.set_up_clinic")
@require_POST
def retire(request: ClinicRequest) -> HttpResponse:
    """Take a preparation out of use, with the reason."""
    product = _product(request)
    try:
        retire_product(
            product=product, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now()
        )
    except NotInFormulary as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{product.name} is out of use; what was recorded keeps its name.")
    return redirect("regimens:formulary")


@clinic_page("accounts.set_up_clinic")
@require_POST
def restore(request: ClinicRequest) -> HttpResponse:
    """Bring a preparation back into use."""
    product = _product(request)
    try:
        restore_product(product=product, by=request.user, at=timezone.now())
    except NotInFormulary as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, f"{product.name} is in use again.")
    return redirect("regimens:formulary")


def _product(request: ClinicRequest) -> Product:
    """A preparation of the clinic of this request; any other is not found."""
    key = request.POST.get("product", "")
    return get_object_or_404(
        formulary_of(request.clinic), pk=int(key) if key.isdecimal() and len(key) < 19 else 0
    )


def _page(request: ClinicRequest, form: ProductForm) -> HttpResponse:
    products = list(formulary_of(request.clinic).select_related("clinic"))
    context = {
        "form": form,
        "in_use": [product for product in products if product.in_use],
        "out_of_use": [product for product in products if not product.in_use],
        "tabs": clinic_tabs("regimens:formulary"),
    }
    return render(request, "regimens/formulary.html", context, status=422 if form.errors else 200)
