from rest_framework import serializers

from crm.models import Client, ClientPhoneNumber, ClientTask


class PhoneNumberSerializer(serializers.ModelSerializer):
    class Meta:
        model = ClientPhoneNumber
        fields = ["id", "phone_number", "phone_type", "is_primary", "created_at"]


class ClientSerializer(serializers.ModelSerializer):
    phone_numbers = PhoneNumberSerializer(many=True, read_only=True)
    company_name = serializers.CharField(source="company.name", read_only=True)
    status_name = serializers.CharField(source="status.name", read_only=True, default=None)
    assigned_to_username = serializers.CharField(
        source="assigned_to.username", read_only=True, default=None
    )

    class Meta:
        model = Client
        fields = [
            "id",
            "name",
            "priority",
            "type",
            "status",
            "status_name",
            "phone_number",
            "phone_numbers",
            "company_name",
            "assigned_to",
            "assigned_to_username",
            "assigned_at",
            "last_contacted_at",
            "created_at",
        ]
        read_only_fields = ["assigned_at", "last_contacted_at"]

    def create(self, validated_data):
        client = super().create(validated_data)
        if client.phone_number:
            client.phone_numbers.create(phone_number=client.phone_number, is_primary=True)
        return client


class ClientTaskSerializer(serializers.ModelSerializer):
    client_name = serializers.CharField(source="client.name", read_only=True)

    class Meta:
        model = ClientTask
        fields = ["id", "client", "client_name", "notes", "reminder_date", "created_at"]
