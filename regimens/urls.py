from django.urls import URLPattern

app_name = "regimens"
urlpatterns: list[URLPattern] = []
