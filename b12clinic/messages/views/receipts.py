"""Where a gateway says what became of a message. Open to whoever signs with the secret that we share."""

import hmac
import json
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from b12clinic.messages.forms.receipt import ReceiptForm
from b12clinic.messages.services.note_receipt import Receipt, note_receipt

MOST_BYTES = 8 * 1024
SIGNATURE = "X-Receipt-Signature"


@login_not_required
@csrf_exempt
@require_POST
def receipts(request: HttpRequest) -> HttpResponse:
    """Take one receipt in: 202 whether or not the message is ours, so that nobody learns which are. No answer has a body."""
    if _length(request) > MOST_BYTES:
        return HttpResponse(status=413)
    if not _signed(request.body, request.headers.get(SIGNATURE, "")):
        return HttpResponse(status=403)
    receipt = _receipt(request.body)
    if receipt is None:
        return HttpResponse(status=400)
    note_receipt(receipt=receipt, at=timezone.now())
    return HttpResponse(status=202)


def _length(request: HttpRequest) -> int:
    """How long the body says it is; the server reads no further."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    return int(declared) if declared.isdecimal() and len(declared) < 15 else MOST_BYTES + 1


def _signed(body: bytes, signature: str) -> bool:
    """Whether the header holds the HMAC-SHA256 of the body in hexadecimal. Without a secret nothing is signed."""
    secret = settings.SMS_RECEIPT_SECRET
    wanted = hmac.new(secret.encode(), body, sha256).hexdigest()
    given = signature.strip().lower().removeprefix("sha256=")
    return bool(secret) and hmac.compare_digest(wanted.encode(), given.encode())


def _receipt(body: bytes) -> Receipt | None:
    """What the body says; None when it is no receipt."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    form = ReceiptForm.of(said if isinstance(said, dict) else {})
    if not form.is_valid():
        return None
    return Receipt(
        status=form.cleaned_data["status"].lower(),
        reference=form.cleaned_data["reference"],
        provider_id=form.cleaned_data["id"],
        said_at=form.cleaned_data["at"],
    )
