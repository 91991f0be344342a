"""Addresses."""

from django.urls import path
from django_polls import views

urlpatterns = [path("vote", views.vote), path("ready", views.ready)]
