"""What follows when something is saved."""

from django.db.models.signals import post_save
from django.dispatch import receiver

from crm.assignment import assign
from crm.models import Client, ClientTask


@receiver(post_save, sender=Client)
def assign_new_client(instance, created, **_):
    if created and instance.assigned_to_id is None and instance.company.auto_assign_enabled:
        assign(instance)


@receiver(post_save, sender=ClientTask)
def note_contact(instance, created, **_):
    if created:
        Client.objects.filter(pk=instance.client_id).update(
            last_contacted_at=instance.created_at
        )
