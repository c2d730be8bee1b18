"""Who receives a client, and moving neglected clients on."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from crm.models import Client, ClientEvent, Company, User


def least_busy_employee(company_id, besides=None):
    """The employee with the fewest clients."""
    employees = User.objects.filter(company_id=company_id, role="employee", is_active=True)
    if besides is not None:
        employees = employees.exclude(pk=besides)
    return employees.annotate(load=Count("assigned_clients")).order_by("load", "id").first()


def assign(client):
    """Gives a new client to the least busy employee."""
    employee = least_busy_employee(client.company_id)
    if employee is None:
        return
    client.assigned_to = employee
    client.assigned_at = timezone.now()
    client.save(update_fields=["assigned_to", "assigned_at"])
    ClientEvent.objects.create(
        client=client,
        event_type="assignment",
        old_value="Unassigned",
        new_value=employee.get_full_name(),
        notes=f"Auto-assigned to {employee.get_full_name()}",
    )


def re_assign_inactive_clients():
    """The hourly task; gives how many clients moved."""
    moved = 0
    for company in Company.objects.filter(re_assign_enabled=True):
        moved += re_assign_of_company(company)
    return moved


def re_assign_of_company(company):
    hours = company.re_assign_hours
    threshold = timezone.now() - timedelta(hours=hours)
    stale = Client.objects.filter(
        Q(last_contacted_at__isnull=True) | Q(last_contacted_at__lt=threshold),
        company=company,
        assigned_to__isnull=False,
        assigned_at__lt=threshold,
    ).select_related("assigned_to")
    moved = 0
    for client in stale:
        former = client.assigned_to
        employee = least_busy_employee(company.pk, besides=former.pk)
        if employee is None:
            continue
        with transaction.atomic():
            client.assigned_to = employee
            client.assigned_at = timezone.now()
            client.last_contacted_at = None
            client.save(update_fields=["assigned_to", "assigned_at", "last_contacted_at"])
            ClientEvent.objects.create(
                client=client,
                event_type="re_assignment",
                old_value=former.get_full_name(),
                new_value=employee.get_full_name(),
                notes=f"تم إعادة التعيين تلقائياً بعد {hours} ساعة من عدم التواصل",
            )
        moved += 1
    return moved
