from datetime import timedelta

from crm.models import Client, ClientEvent, ClientPhoneNumber, Company, Status, User
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone
from rest_framework.authtoken.models import Token

AT_ONCE = 5_000


class Command(BaseCommand):
    help = "Makes the same data as the benchmark makes for Tawzi. The administrator with the id N has the token N."

    def add_arguments(self, parser):
        for name in ["companies", "employees", "clients", "stale-one-in", "sweeping"]:
            parser.add_argument(f"--{name}", type=int, required=True)

    def handle(self, companies, employees, clients, stale_one_in, sweeping, **_):
        each = employees + 1
        now = timezone.now()
        Company.objects.bulk_create(
            Company(id=i, name=f"Company {i}", re_assign_enabled=i <= sweeping)
            for i in range(1, companies + 1)
        )
        people = [
            User(
                id=i + 1,
                username=f"user{i + 1}",
                first_name="Employee",
                last_name=f"Number {i % each}",
                password="!",
                company_id=i // each + 1,
                role="employee" if i % each else "admin",
            )
            for i in range(companies * each)
        ]
        User.objects.bulk_create(people, batch_size=AT_ONCE)
        Token.objects.bulk_create(
            Token(key=f"{user.id:040d}", user=user) for user in people if user.role == "admin"
        )
        Status.objects.bulk_create(
            Status(id=company * 2 - 1 + n, company_id=company, name=name, category=category)
            for company in range(1, companies + 1)
            for n, (name, category) in enumerate([("New", "active"), ("Call again", "follow_up")])
        )
        for first in range(0, clients, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, clients))
            made = [self.client(i, companies, employees, stale_one_in, now) for i in numbers]
            Client.objects.bulk_create(made)
            ClientPhoneNumber.objects.bulk_create(
                ClientPhoneNumber(client=client, phone_number=client.phone_number, is_primary=True)
                for client in made
            )
            ClientEvent.objects.bulk_create(
                ClientEvent(client=client, event_type="assignment", old_value="Unassigned")
                for client in made
            )
        with connection.cursor() as cursor:
            for model in [Company, User, Status, Client]:
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), MAX(id)) FROM {table}"
                )
            cursor.execute("ANALYZE")

    @staticmethod
    def client(i, companies, employees, stale_one_in, now):
        company, turn = i % companies + 1, i // companies
        stale = stale_one_in and turn % stale_one_in == stale_one_in - 1

        def part(syllables, place):
            return syllables[place % 10 * 2 : place % 10 * 2 + 2]

        first = part("badofigakuleminorasu", turn) + part("linamerosakitudavozu", turn // 10)
        last = part("باتاثاجاحادارازاساشا", turn // 100) + part(
            "ليمينيهيويديريزيسيشي", turn // 1000
        )
        return Client(
            id=i + 1,
            company_id=company,
            name=f"{first} {last} {i}",
            priority=["low", "medium", "high"][i % 3],
            type=["fresh", "cold"][i % 2],
            status_id=company * 2 - turn % 2,
            phone_number=f"+9665{10000000 + i}",
            assigned_to_id=(company - 1) * (employees + 1) + 2 + turn % employees,
            assigned_at=now - timedelta(hours=48 if stale else 1),
        )
