from crm.views import ClientTaskViewSet, ClientViewSet
from rest_framework.routers import DefaultRouter

router = DefaultRouter()
router.register("api/clients", ClientViewSet, basename="client")
router.register("api/client-tasks", ClientTaskViewSet, basename="client-task")
urlpatterns = router.urls
