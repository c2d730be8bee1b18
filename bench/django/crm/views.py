"""The API: everybody sees their company, employees only their own clients."""

from rest_framework.filters import SearchFilter
from rest_framework.pagination import PageNumberPagination
from rest_framework.viewsets import ModelViewSet

from crm.models import Client, ClientTask
from crm.serializers import ClientSerializer, ClientTaskSerializer


class Pages(PageNumberPagination):
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 1000


class ClientViewSet(ModelViewSet):
    serializer_class = ClientSerializer
    pagination_class = Pages
    filter_backends = [SearchFilter]
    search_fields = ["name", "phone_number"]

    def get_queryset(self):
        user = self.request.user
        clients = Client.objects.filter(company_id=user.company_id)
        if user.role == "employee":
            clients = clients.filter(assigned_to=user)
        for field in ["status", "priority", "type"]:
            if value := self.request.query_params.get(field):
                clients = clients.filter(**{field: value})
        return clients.select_related("company", "status", "assigned_to").prefetch_related(
            "phone_numbers"
        )

    def perform_create(self, serializer):
        serializer.save(company_id=self.request.user.company_id)


class ClientTaskViewSet(ModelViewSet):
    serializer_class = ClientTaskSerializer
    pagination_class = Pages

    def get_queryset(self):
        tasks = ClientTask.objects.filter(client__company_id=self.request.user.company_id)
        return tasks.select_related("client").order_by("-created_at")

    def perform_create(self, serializer):
        serializer.save(created_by=self.request.user)
