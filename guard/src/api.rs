//! Requests to the API, one after the other, from the head of a request to the end of its answer, on a
//! new `SQLite` database.

use anyhow::ensure;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use tawzi_api::{ApiState, SignInLimits, router};
use tawzi_app::{Session, TokenType};
use tawzi_testkit::{NOON, World};
use tower::ServiceExt as _;

/// A company with an administrator and 20 employees.
struct Api {
    router: Router,
    token: String,
    _world: World,
}

impl Api {
    async fn new() -> anyhow::Result<Self> {
        let world = World::with_employees(20).await;
        let session = Session::begin(world.admin.id(), 0);
        let token = world.keys.issue(&session, TokenType::Access, NOON)?;
        let router = router(ApiState {
            app: world.app.clone(),
            allowed_origins: Vec::new(),
            sign_in_limits: SignInLimits::off(),
        });
        Ok(Self {
            router,
            token,
            _world: world,
        })
    }

    async fn ask(
        &self,
        method: &str,
        path: &str,
        body: String,
        wanted: StatusCode,
    ) -> anyhow::Result<()> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("Host", "crm.example")
            .header("Authorization", format!("Bearer {}", self.token))
            .header("Content-Type", "application/json")
            .body(Body::from(body))?;
        let response = self.router.clone().oneshot(request).await?;
        let status = response.status();
        let body = to_bytes(response.into_body(), usize::MAX).await?;
        let said = String::from_utf8_lossy(&body);
        ensure!(status == wanted, "{method} {path}: {status}, {said}");
        Ok(())
    }

    async fn create_client(&self, number: u32) -> anyhow::Result<()> {
        let body = format!(
            "{{\"name\":\"Client {number}\",\"priority\":\"medium\",\"type\":\"fresh\",\
             \"company\":1,\"phone_number\":\"+9665{number:08}\"}}"
        );
        self.ask("POST", "/api/clients/", body, StatusCode::CREATED)
            .await
    }
}

fn in_world(run: impl AsyncFnOnce(Api) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async { run(Api::new().await?).await })
}

pub(crate) fn create(times: u32) -> anyhow::Result<()> {
    in_world(async |world| {
        for number in 0..times {
            world.create_client(number).await?;
        }
        Ok(())
    })
}

pub(crate) fn contact(times: u32) -> anyhow::Result<()> {
    in_world(async |world| {
        world.create_client(0).await?;
        for number in 0..times {
            let path = "/api/client-tasks/";
            // Each is another one, or it would be a repetition.
            let body = format!("{{\"client\":1,\"notes\":\"Called; wants to see flat {number}\"}}");
            world.ask("POST", path, body, StatusCode::CREATED).await?;
        }
        Ok(())
    })
}

pub(crate) fn list(times: u32) -> anyhow::Result<()> {
    in_world(async |world| {
        for number in 0..100 {
            world.create_client(number).await?;
        }
        for _ in 0..times {
            let path = "/api/clients/?page_size=20";
            world
                .ask("GET", path, String::new(), StatusCode::OK)
                .await?;
        }
        Ok(())
    })
}
