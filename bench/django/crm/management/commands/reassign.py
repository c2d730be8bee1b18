from crm.assignment import re_assign_inactive_clients
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Runs the hourly task once."

    def handle(self, **_):
        self.stdout.write(str(re_assign_inactive_clients()))
