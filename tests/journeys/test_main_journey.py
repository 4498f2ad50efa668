"""The main job from end to end, in a real browser: plan, give, remind, report."""

from datetime import UTC, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from b12clinic.accounts.models import AuditEvent, ClosedDay
from b12clinic.messages.models import Message
from b12clinic.messages.tasks import send_due
from monitoring.tasks import sweep_labs
from regimens.models import Administration, Product, Revision
from regimens.sealed_csv import verify
from regimens.tasks import sweep_plans
from tests.factories.people import a_clinic, a_patient, a_user
from tests.journeys.asking import ask_before_giving
from tests.journeys.looking import look, sign_in, sign_out

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATE_JANUARY = datetime(2027, 1, 25, 9, 0, tzinfo=UTC)


@pytest.fixture
def clinic():
    clinic = a_clinic(
        name="Journey Clinic", contact_email="clinic@example.org", contact_phone="020 7946 0000"
    )
    a_user(clinic, "prescriber", username="doctor", first_name="Robin", last_name="Example")
    a_user(clinic, "nurse", username="nurse", first_name="Sam", last_name="Example")
    a_user(clinic, "administrator", username="admin", first_name="Alex", last_name="Example")
    Product.objects.create(
        clinic=clinic, name="Hydroxocobalamin 1 mg/mL ampoule", drug="hydroxocobalamin", mcg_per_ml=1000
    )
    ClosedDay.objects.create(clinic=clinic, on=datetime(2026, 12, 2).date(), why="Staff training")
    return clinic


def test_from_the_first_visit_to_the_report(page, live_server, clinic, mail_sink):
    page.set_default_timeout(10_000)
    with time_machine.travel(MONDAY, tick=True):
        sign_in(page, live_server.url, "doctor")
        expect(page.get_by_role("heading", name="Worklist")).to_be_visible()
        look(page, "journey-worklist")
        register(page, clinic)
        enter_labs(page)
        assess(page)
        compare(page)
        adjust_and_sign(page)
        sign_out(page)
        sign_in(page, live_server.url, "nurse")
        give_and_miss(page)
        sign_out(page)
    with time_machine.travel(LATE_JANUARY, tick=True):
        remind(mail_sink)
        sign_in(page, live_server.url, "admin")
        report(page)


def register(page, clinic):
    a_patient(clinic, name="Nora Journey", born_on=datetime(1964, 5, 17).date())
    page.get_by_role("link", name="Find a patient").click()
    page.locator("input[type=search]").fill("journ")
    expect(page.get_by_role("link", name="Nora Journey")).to_be_visible()
    look(page, "search")
    page.get_by_role("link", name="Add a patient").first.click()
    page.get_by_label("Full name").fill("Nora Journey")
    page.get_by_label("Date of birth").fill("1964-05-17")
    page.get_by_label("Sex").select_option("female")
    page.locator("[name=identifiers-0-scheme]").select_option("nhs_number")
    page.locator("[name=identifiers-0-value]").fill("999 000 0019")
    page.get_by_label("E-mail address").fill("nora@example.org")
    page.get_by_label("Agrees to e-mail messages").check()
    page.get_by_label("Agreed on").fill("2026-11-23")
    page.get_by_label("Asked: none known").check()
    page.locator("[name=new_conditions-0-listed]").select_option("hypothyroidism")
    page.locator("[name=new_medicines-0-listed]").select_option("levothyroxine")
    look(page, "add-patient")
    save(page)
    expect(page.locator("[data-error-summary]").first).to_contain_text("check digit")
    page.locator("[name=identifiers-0-value]").fill("999 000 0018")
    save(page)
    look(page, "look-alike")
    page.get_by_label("How do you know that this is somebody else?").fill("NHS number checked with her card")
    page.locator("button[name=ask]").click()
    expect(page.get_by_role("heading", name="Chart")).to_be_visible()
    look(page, "chart-new")


def save(page):
    page.get_by_role("button", name="Add to the register").click()


def enter_labs(page):
    page.get_by_role("link", name="Enter labs").click()
    value(page, "total_b12", "172", "")
    page.get_by_role("button", name="Record results").last.click()
    expect(page.locator("[data-error-summary], [role=alert]").first).to_contain_text("unit")
    look(page, "labs-no-unit")
    value(page, "total_b12", "172", "ng/L")
    page.get_by_role("button", name="Record results").last.click()
    look(page, "labs-two-units")  # 172 fits ng/L and pmol/L
    page.locator("[name=total_b12-0-confirmed_because]").fill("Unit read off the laboratory's report")
    value(page, "haemoglobin", "92", "g/L")
    value(page, "mcv", "118", "fL")
    value(page, "potassium", "4.1", "mmol/L")
    page.locator("[name=intrinsic_factor_antibody-0-value]").select_option("positive")
    page.get_by_role("button", name="Record results").last.click()
    expect(page.get_by_role("heading", name="Results")).to_be_visible()
    look(page, "results")


def value(page, analyte, number, unit):
    page.locator(f"[name={analyte}-0-value]").fill(number)
    page.locator(f"[name={analyte}-0-unit]").select_option(unit)


def assess(page):
    page.locator(".patient-name a").click()
    page.get_by_role("link", name="Plan a regimen").click()
    page.get_by_label("Cause of the deficiency").select_option("autoimmune_gastritis")
    page.get_by_label("How certain is the cause").select_option("confirmed")
    page.get_by_label("Pregnancy and breastfeeding").select_option("none")
    page.get_by_label("Fatigue").check()
    page.get_by_role("button", name="Compare protocols").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("nervous system")
    page.get_by_role("group", name="Is the nervous system involved?").get_by_label("No", exact=True).check()
    look(page, "assess")
    page.get_by_role("button", name="Compare protocols").click()


def compare(page):
    for guideline in ("United Kingdom", "FDA label", "practice", "Netherlands"):
        expect(page.get_by_role("heading", level=2, name=guideline).first).to_be_visible()
    first = page.locator(".protocol-first").first
    expect(first).to_contain_text("Mon 23 Nov · Wed 25 Nov · Fri 27 Nov")
    expect(first).to_contain_text("visits in the first year")
    look(page, "journey-compare")
    first.get_by_role("link", name="Use this protocol").click()


def adjust_and_sign(page):
    page.get_by_label("Maintenance every").fill("2")
    page.get_by_label("Unit").select_option("month")
    page.get_by_role("button", name="Show every date").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("Say why")
    page.get_by_label("Reason for another interval").fill("Symptoms returned before three months")
    page.get_by_role("button", name="Show every date").click()
    expect(page.get_by_role("heading", name="The dates you sign")).to_be_visible()
    expect(page.locator(".doses").first).to_contain_text("Tue 1 Dec")  # 2 December is closed
    look(page, "journey-adjust")
    page.get_by_role("button", name="Sign the plan").click()
    expect(page.get_by_text("is signed")).to_be_visible()
    look(page, "journey-chart")
    signed = Revision.objects.get(kind="signed")
    assert (signed.protocol, signed.pack_version) == ("uk/standard", "2026.1")
    assert signed.protocol_snapshot["code"] == "uk/standard"


def give_and_miss(page):
    page.get_by_role("link", name="Due list").first.click()
    expect(page.get_by_role("row", name="Nora Journey")).to_contain_text("Due today")
    look(page, "journey-due-list")
    page.get_by_role("link", name="Record given for Nora Journey").click()
    ask_before_giving(page)
    page.get_by_label("Product").fill("Hydroxocobalamin 1 mg/mL ampoule")
    page.get_by_label("Lot number").fill("A123")
    page.get_by_label("Expiry date").fill("2026-11-01")
    page.get_by_label("Site", exact=True).select_option("deltoid")
    page.get_by_label("Side", exact=True).select_option("left")
    page.get_by_label("Authority to give").select_option("prescription")
    page.get_by_label("Reaction", exact=True).or_(page.locator("[name=reaction_grade]")).first.select_option(
        "none"
    )
    page.get_by_role("button", name="Record as given").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("expired")
    page.get_by_label("Expiry date").fill("2027-11-30")
    look(page, "record")
    page.get_by_role("button", name="Record as given").click()
    expect(page.get_by_text("Next injection Wed 25 Nov")).to_be_visible()
    page.get_by_label("As of").fill("2026-11-25")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("row", name="Nora Journey")).to_contain_text("Loading 2 of 6")
    page.get_by_role("link", name="Not given for Nora Journey").click()
    page.get_by_label("Why it was not given").select_option("unwell")
    look(page, "not-given")
    page.get_by_role("button", name="Record as not given").click()
    expect(page.get_by_text("The dose stays on the due list")).to_be_visible()
    assert list(Administration.objects.order_by("id").values_list("outcome", "lot")) == [
        ("given", "A123"),
        ("not_given", ""),
    ]


def remind(mail_sink):
    for _ in range(3):
        sweep_plans()
        sweep_labs()
        send_due()
    told = Message.objects.filter(audience="patient").values_list("kind", "state")
    assert {kind for kind, _ in told} == {"missed_injection", "overdue_recheck"}
    assert sorted({state for _, state in told}) == ["merged", "sent"]
    assert len(mail_sink.taken) == 1, "one mail a day says all of it"


def report(page):
    page.get_by_role("link", name="Reports").first.click()
    expect(
        page.get_by_role("cell", name="Nora Journey").or_(page.get_by_text("Nora Journey")).first
    ).to_be_visible()
    look(page, "report")
    with page.expect_download() as download:
        page.get_by_role("button", name="as CSV").click()
    path = download.value.path()
    assert "Nora Journey" in path.read_text(encoding="utf-8-sig")
    with path.open("rb") as file:
        assert verify(file).rows == 1
    assert AuditEvent.objects.filter(action="report.exported").count() == 1
