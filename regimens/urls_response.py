"""The addresses of the response to treatment: how it goes, how the patient fares, and what is concluded."""

from django.urls import URLPattern, path

from regimens.views import conclude, response, symptoms

urlpatterns: list[URLPattern] = [
    path("chart/<uuid:patient_id>/response/", response.response, name="response"),
    path("chart/<uuid:patient_id>/response/pdf/", response.response_pdf, name="response_pdf"),
    path("chart/<uuid:patient_id>/response/picture/", response.picture, name="response_picture"),
    path("chart/<uuid:patient_id>/response/conclude/", conclude.conclude, name="conclude"),
    path("chart/<uuid:patient_id>/response/tests/", conclude.plan_pathway_tests, name="plan_pathway_tests"),
    path("chart/<uuid:patient_id>/symptoms/", symptoms.score, name="symptoms"),
    path("symptoms/<uuid:score_id>/correct/", symptoms.correct_scores, name="correct_symptoms"),
]
