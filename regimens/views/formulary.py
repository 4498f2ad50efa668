from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from b12clinic.accounts.gate import ClinicRequest, clinic_page
from b12clinic.accounts.presenters.clinic_tabs import clinic_tabs
from regimens.forms.formulary import AttachForm, ProductForm
from regimens.forms.typed import reason_in
from regimens.models import Product
from regimens.queries.formulary import formulary_of
from regimens.services.formulary import (
    NUMBER_TAKEN,
    NotInFormulary,
    add_product,
    attach_number,
    restore_product,
    retire_product,
)


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
            form.add_error("gtin" if str(refused) == NUMBER_TAKEN else "name", str(refused))
        else:
            messages.success(request, f"{product.name} is in the formulary.")
            return redirect("regimens:formulary")
    return _page(request, form)


@clinic_page("accounts.set_up_clinic")
@require_POST
def attach(request: ClinicRequest) -> HttpResponse:
    """Give a preparation the article number that was scanned from its box."""
    form = AttachForm(request.POST, products=formulary_of(request.clinic).filter(in_use=True))
    if not form.is_valid():
        return _page(request, ProductForm(), form)
    product = form.cleaned_data["product"]
    try:
        attach_number(product=product, gtin=form.cleaned_data["gtin"], by=request.user, at=timezone.now())
    except NotInFormulary as refused:
        form.add_error("gtin", str(refused))
        return _page(request, ProductForm(), form)
    messages.success(request, f"A scan of its box now finds {product.name}.")
    return redirect("regimens:formulary")


@clinic_page("accounts.set_up_clinic")
@require_POST
def retire(request: ClinicRequest) -> HttpResponse:
    """Take a preparation out of use, with the reason."""
    product = _product(request)
    try:
        retire_product(product=product, reason=reason_in(request.POST), by=request.user, at=timezone.now())
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


def _page(request: ClinicRequest, form: ProductForm, attaching: AttachForm | None = None) -> HttpResponse:
    products = list(formulary_of(request.clinic).select_related("clinic"))
    scanned = request.GET.get("gtin", "")
    if attaching is None and scanned:
        in_use = formulary_of(request.clinic).filter(in_use=True)
        attaching = AttachForm(products=in_use, initial={"gtin": scanned[:20]})
    context = {
        "form": form,
        "attaching": attaching,
        "in_use": [product for product in products if product.in_use],
        "out_of_use": [product for product in products if not product.in_use],
        "tabs": clinic_tabs("regimens:formulary"),
    }
    wrong = form.errors or (attaching is not None and attaching.errors)
    return render(request, "regimens/formulary.html", context, status=422 if wrong else 200)
