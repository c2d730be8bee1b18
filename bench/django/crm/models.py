"""Companies, people, clients and what happens to them."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Company(models.Model):
    name = models.CharField(max_length=255)
    auto_assign_enabled = models.BooleanField(default=True)
    re_assign_enabled = models.BooleanField(default=False)
    re_assign_hours = models.PositiveIntegerField(default=24)


class User(AbstractUser):
    company = models.ForeignKey(Company, models.CASCADE, null=True, related_name="users")
    role = models.CharField(max_length=20, default="employee")


class Status(models.Model):
    company = models.ForeignKey(Company, models.CASCADE, related_name="statuses")
    name = models.CharField(max_length=100)
    category = models.CharField(max_length=20, default="active")


class Client(models.Model):
    company = models.ForeignKey(Company, models.CASCADE, related_name="clients")
    name = models.CharField(max_length=255)
    priority = models.CharField(max_length=20)
    type = models.CharField(max_length=20)
    status = models.ForeignKey(Status, models.SET_NULL, null=True, blank=True)
    phone_number = models.CharField(max_length=20, null=True, blank=True)
    assigned_to = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="assigned_clients"
    )
    assigned_at = models.DateTimeField(null=True, blank=True)
    last_contacted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["company", "-created_at", "-id"]),
            models.Index(fields=["company", "assigned_at"]),
        ]


class ClientPhoneNumber(models.Model):
    client = models.ForeignKey(Client, models.CASCADE, related_name="phone_numbers")
    phone_number = models.CharField(max_length=20)
    phone_type = models.CharField(max_length=20, default="mobile")
    is_primary = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)


class ClientTask(models.Model):
    client = models.ForeignKey(Client, models.CASCADE, related_name="tasks")
    notes = models.TextField(blank=True)
    reminder_date = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)


class ClientEvent(models.Model):
    client = models.ForeignKey(Client, models.CASCADE, related_name="events")
    event_type = models.CharField(max_length=30)
    old_value = models.CharField(max_length=255, blank=True)
    new_value = models.CharField(max_length=255, blank=True)
    notes = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
