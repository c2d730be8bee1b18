//! Requests to the API, one after the other, from the head of a request to the end of its answer, on a
//! new `SQLite` database.

use anyhow::ensure;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use tawzi_api::{ApiState, SignInLimits, router};
use tawzi_app::{ApiKeyUses, Callers, Clock, CodeDelivery, Contacts, Intake, Keys, TokenType};
use tawzi_core::company::ReAssignHours;
use tawzi_core::time::Timestamp;
use tawzi_store::{Db, Durability, NewCompany, NewSubscription, NewUser};
use tower::ServiceExt as _;

const NOON: Timestamp = Timestamp::from_microseconds(1_764_676_800_000_000);

/// A company with an administrator and 20 employees.
struct World {
    app: Router,
    token: String,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite://{}", folder.path().join("tawzi.db").display());
        let db = Db::open(&url.parse()?, Durability::Relaxed).await?;
        db.migrate().await?;
        let mut tx = db.begin().await?;
        let company = NewCompany {
            name: "Acme",
            domain: "acme.example",
            specialization: "services",
            auto_assign_enabled: true,
            re_assign_enabled: true,
            re_assign_hours: ReAssignHours::DEFAULT,
            created_at: NOON,
        };
        let company = tx.create_company(company).await?;
        let subscription = NewSubscription {
            plan: "Gold",
            plan_ar: "ذهبي",
            start: NOON,
            end: NOON.plus_seconds(3600),
        };
        tx.create_subscription(company, subscription).await?;
        let mut admin = None;
        for number in 0..=20 {
            let role = if number == 0 { "admin" } else { "employee" };
            let user = NewUser {
                company: Some(company),
                username: &format!("user{number}"),
                email: &format!("user{number}@acme.example"),
                first_name: "Number",
                last_name: &number.to_string(),
                phone: None,
                role,
                password_hash: "!",
                is_superuser: false,
                date_joined: NOON,
            };
            let id = tx.create_user(user).await?;
            admin = admin.or(Some(id));
        }
        tx.commit().await?;

        let clock = Clock::manual(NOON);
        let keys = Keys::new(b"a key for counting that is long enough");
        let admin = admin.ok_or_else(|| anyhow::anyhow!("nobody was hired"))?;
        let token = keys.issue(admin, TokenType::Access, NOON)?;
        let (intake, _) = Intake::start(db.clone(), clock.clone());
        let (contacts, _) = Contacts::start(db.clone(), clock.clone());
        let (api_key_uses, _) = ApiKeyUses::start(db.clone(), clock.clone());
        let app = router(ApiState {
            callers: Callers::start(db.clone()),
            db,
            intake,
            contacts,
            keys,
            api_key_uses,
            clock,
            allowed_origins: Vec::new(),
            code_delivery: CodeDelivery::Log,
            sign_in_limits: SignInLimits::off(),
        });
        Ok(Self {
            app,
            token,
            _folder: folder,
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
        let response = self.app.clone().oneshot(request).await?;
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

fn in_world(run: impl AsyncFnOnce(World) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async { run(World::new().await?).await })
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
        let body = "{\"client\":1,\"notes\":\"Called; wants to see the flat\"}";
        for _ in 0..times {
            let path = "/api/client-tasks/";
            let body = body.to_owned();
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
