//! A server with the recorded database, and somebody to ask it.

use crate::document;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tawzi_api::{ApiState, SignInLimits, router};
use tawzi_app::{App, Clock, Keys, Mailer, NoProgress, Session, Severity, TokenType, examine};
use tawzi_core::id::UserId;
use tawzi_testkit::{MAIL_SERVER, NOON, SECRET, TestDatabase, application, eventually, mailer};
use tokio::task::JoinHandle;
use tower::ServiceExt as _;

pub(crate) use tawzi_testkit::{NOON as NOW, Reply};

const PEOPLE: [&str; 10] = [
    "owner1", "emp1", "emp2", "emp3", "off1", "owner2", "emp4", "owner3", "emp5", "root",
];

fn id_of(who: &str) -> UserId {
    let place = PEOPLE.iter().position(|name| *name == who).unwrap();
    UserId::new(i64::try_from(place).unwrap() + 1)
}

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) clock: Clock,
    router: Router,
    database: Arc<TestDatabase>,
    /// The versions that the tokens of people have who have signed in again.
    versions: Arc<Mutex<BTreeMap<UserId, i64>>>,
}

impl World {
    /// A server on the database, which holds what was recorded.
    pub(crate) async fn open(database: TestDatabase) -> Self {
        let mailer = Some(mailer(MAIL_SERVER));
        Self::start(Arc::new(database), mailer, |_| SignInLimits::off()).await
    }

    /// Another server on the same database, which mails and limits signing in in that way.
    pub(crate) async fn again_with(
        &self,
        mailer: Option<Mailer>,
        limits: impl FnOnce(Clock) -> SignInLimits,
    ) -> Self {
        Self::start(Arc::clone(&self.database), mailer, limits).await
    }

    async fn start(
        database: Arc<TestDatabase>,
        mailer: Option<Mailer>,
        limits: impl FnOnce(Clock) -> SignInLimits,
    ) -> Self {
        let clock = Clock::manual(NOON);
        let app = application(database.open().await, clock.clone(), mailer);
        let router = router(ApiState {
            app: app.clone(),
            allowed_origins: ["https://crm.example/", "*.tawzi.example"]
                .map(str::to_owned)
                .into(),
            sign_in_limits: limits(clock.clone()),
        });
        Self {
            app,
            clock,
            router,
            database,
            versions: Arc::default(),
        }
    }

    /// A token of the session that person is in, for which they need not sign in.
    pub(crate) fn token(&self, who: &str, kind: TokenType) -> String {
        self.token_of(who, "at the desk", kind)
    }

    /// A token of a session of that person, whose tokens were not taken back since they signed in.
    pub(crate) fn token_of(&self, who: &str, session: &str, kind: TokenType) -> String {
        let user = id_of(who);
        let versions = self.versions.lock().unwrap();
        let session = Session {
            user,
            token_version: versions.get(&user).copied().unwrap_or_default(),
            id: session.to_owned(),
        };
        let keys = Keys::new(SECRET);
        keys.issue(&session, kind, self.clock.now()).unwrap()
    }

    /// Lets that person sign in again, whose tokens were taken back.
    pub(crate) async fn sign_in_again(&self, who: &str) {
        let mut reader = self.app.db().read().await.unwrap();
        if let Some(user) = reader.user(id_of(who)).await.unwrap() {
            let mut versions = self.versions.lock().unwrap();
            versions.insert(user.id, user.token_version);
        }
    }

    /// The head of a request by that person; nobody in particular has no name.
    pub(crate) fn request(
        &self,
        who: &str,
        method: &str,
        path: &str,
    ) -> axum::http::request::Builder {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("Host", "crm.test:8000");
        if who.is_empty() {
            return request;
        }
        let token = self.token(who, TokenType::Access);
        request.header("Authorization", format!("Bearer {token}"))
    }

    /// The answer to a request without a body.
    pub(crate) async fn ask(&self, who: &str, method: &str, path: &str) -> Reply {
        let request = self.request(who, method, path);
        self.answer(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn get(&self, who: &str, path: &str) -> Reply {
        self.ask(who, "GET", path).await
    }

    /// The answer to a request with a JSON body.
    pub(crate) async fn send(&self, who: &str, method: &str, path: &str, body: Value) -> Reply {
        self.send_text(who, method, path, body.to_string()).await
    }

    /// The answer to a request whose body is said to be JSON.
    pub(crate) async fn send_text(
        &self,
        who: &str,
        method: &str,
        path: &str,
        body: impl Into<Body>,
    ) -> Reply {
        let request = self.request(who, method, path);
        let request = request.header("Content-Type", "application/json");
        self.answer(request.body(body.into()).unwrap()).await
    }

    /// The beginning of an answer, of whose body nothing was read yet.
    pub(crate) async fn begin(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// The answer as it comes, whatever it is.
    pub(crate) async fn respond(&self, request: Request<Body>) -> Reply {
        tawzi_testkit::send(&self.router, request).await
    }

    /// The answer, which is as the document says.
    pub(crate) async fn answer(&self, request: Request<Body>) -> Reply {
        let method = request.method().to_string();
        let path = request.uri().path().to_owned();
        let reply = self.respond(request).await;
        let is_json = reply.bytes.is_empty() || !reply.body.is_null();
        assert!(is_json, "the body of {method} {path} is no JSON");
        let status = reply.status.as_u16();
        if let Err(problem) = document::check(&method, &path, status, &reply.body) {
            panic!("{problem}");
        }
        reply
    }

    /// What a stranger gets there who has what that tag stands for.
    pub(crate) async fn download(&self, path: &str, tag: Option<&str>) -> Reply {
        let mut request = self.request("", "GET", path);
        if let Some(tag) = tag {
            request = request.header("If-None-Match", tag);
        }
        self.respond(request.body(Body::empty()).unwrap()).await
    }

    /// A client of that company that the person creates; the answer's body.
    pub(crate) async fn client(&self, who: &str, company: i64, name: &str) -> Value {
        let body = json!({"name": name, "priority": "low", "type": "fresh", "company": company});
        let created = self.send(who, "POST", "/api/clients/", body).await;
        assert_eq!(created.status, 201, "{}", created.body);
        created.body
    }

    /// Changes the database behind the API's back.
    pub(crate) async fn execute(&self, statement: &'static str) {
        self.database.execute(statement).await;
    }

    /// Comes back once that request waits for a transaction, or has not had to.
    pub(crate) async fn until_it_waits<T>(&self, request: &JoinHandle<T>) {
        let waits = eventually(async || {
            let waits = request.is_finished() || self.database.somebody_waits().await;
            waits.then_some(())
        });
        waits.await;
    }

    /// The load counters say what counting says, and nothing else is amiss.
    pub(crate) async fn nothing_is_wrong(&self) {
        let findings = examine(&self.app, false, &NoProgress).await;
        let findings = findings.unwrap();
        let bad = findings
            .iter()
            .find(|found| found.severity == Severity::Bad);
        assert_eq!(bad, None);
    }

    pub(crate) async fn auto_assign(&self, company: i64) {
        let path = format!("/api/companies/{company}/update_assignment_settings/");
        let body = json!({"auto_assign_enabled": true});
        let answer = self.send("root", "PATCH", &path, body).await;
        assert_eq!(answer.status, 200);
    }
}
