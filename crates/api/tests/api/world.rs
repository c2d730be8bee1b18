//! A server with the recorded database, and somebody to ask it.

use crate::database::{execute, somebody_waits};
use crate::document;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode};
use serde_json::{Value, json};
use std::borrow::Borrow;
use tawzi_api::{ApiState, SignInLimits, router};
use tawzi_app::{
    ApiKeyUses, Callers, Clock, CodeDelivery, Contacts, Intake, Keys, NoProgress, Severity,
    TokenType, examine,
};
use tawzi_core::id::UserId;
use tawzi_core::time::Timestamp;
use tawzi_store::{Db, Durability};
use tokio::task::JoinHandle;
use tower::ServiceExt as _;

/// The day after everything that the recorded database holds.
pub(crate) const NOW: Timestamp = Timestamp::from_microseconds(1_764_676_800_000_000);

const PEOPLE: [&str; 10] = [
    "owner1", "emp1", "emp2", "emp3", "off1", "owner2", "emp4", "owner3", "emp5", "root",
];

#[derive(Clone)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) keys: Keys,
    pub(crate) db: Db,
    app: Router,
    url: String,
}

/// An answer.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// Null when there is none.
    pub(crate) body: Value,
}

impl World {
    /// A server over the database at that address, which holds what was recorded.
    pub(crate) async fn open(url: String) -> Self {
        Self::open_with(url, CodeDelivery::Mail, |_| SignInLimits::off()).await
    }

    /// The same database behind a server that sends codes, and limits signing in, in that way.
    pub(crate) async fn again_with(
        &self,
        delivery: CodeDelivery,
        limits: impl FnOnce(Clock) -> SignInLimits,
    ) -> Self {
        Self::open_with(self.url.clone(), delivery, limits).await
    }

    async fn open_with(
        url: String,
        code_delivery: CodeDelivery,
        limits: impl FnOnce(Clock) -> SignInLimits,
    ) -> Self {
        let db = Db::open(&url.parse().unwrap(), Durability::Relaxed)
            .await
            .unwrap();
        let clock = Clock::manual(NOW);
        let keys = Keys::new(b"a key for tests that is long enough");
        let (intake, _writer) = Intake::start(db.clone(), clock.clone());
        let (contacts, _writer) = Contacts::start(db.clone(), clock.clone());
        let (api_key_uses, _writer) = ApiKeyUses::start(db.clone(), clock.clone());
        let app = router(ApiState {
            db: db.clone(),
            callers: Callers::start(db.clone()),
            intake,
            contacts,
            keys: keys.clone(),
            api_key_uses,
            clock: clock.clone(),
            allowed_origins: vec!["https://crm.example".to_owned()],
            code_delivery,
            sign_in_limits: limits(clock.clone()),
        });
        Self {
            clock,
            keys,
            db,
            app,
            url,
        }
    }

    /// A token of that person, who need not sign in for it.
    pub(crate) fn token(&self, who: &str, kind: TokenType) -> String {
        let place = PEOPLE.iter().position(|name| *name == who).unwrap();
        let user = UserId::new(i64::try_from(place).unwrap() + 1);
        self.keys.issue(user, kind, self.clock.now()).unwrap()
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

    /// The answer as it comes, whatever it is.
    pub(crate) async fn respond(&self, request: Request<Body>) -> Response<Body> {
        self.app.clone().oneshot(request).await.unwrap()
    }

    /// The answer, which is as the document says.
    pub(crate) async fn answer(&self, request: Request<Body>) -> Reply {
        let method = request.method().to_string();
        let path = request.uri().path().to_owned();
        let (mut reply, body) = self.answer_bytes(request).await;
        if !body.is_empty() {
            reply.body = serde_json::from_slice(&body).expect("every body is JSON");
        }
        let status = reply.status.as_u16();
        if let Err(problem) = document::check(&method, &path, status, &reply.body) {
            panic!("{problem}");
        }
        reply
    }

    /// What a stranger gets there who has what that tag stands for: the answer, and its body as it
    /// came.
    pub(crate) async fn download(&self, path: &str, tag: Option<&str>) -> (Reply, Vec<u8>) {
        let mut request = self.request("", "GET", path);
        if let Some(tag) = tag {
            request = request.header("If-None-Match", tag);
        }
        self.answer_bytes(request.body(Body::empty()).unwrap())
            .await
    }

    async fn answer_bytes(&self, request: Request<Body>) -> (Reply, Vec<u8>) {
        let (head, body) = self.respond(request).await.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let reply = Reply {
            status: head.status,
            headers: head.headers,
            body: Value::Null,
        };
        (reply, body.to_vec())
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
        execute(&self.url, statement).await;
    }

    /// Comes back once that request waits for a transaction, or has not had to.
    pub(crate) async fn until_it_waits<T>(&self, request: &JoinHandle<T>) {
        while !request.is_finished() && !somebody_waits(&self.url).await {
            tokio::task::yield_now().await;
        }
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

impl Reply {
    /// The rows of a list by one of their fields.
    pub(crate) fn column(&self, field: &str) -> Vec<Value> {
        let rows = self.body["results"].as_array().expect("a list");
        rows.iter().map(|row| row[field].clone()).collect()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub(crate) fn is(&self, status: u16, body: impl Borrow<Value>) {
        let expected = (status, body.borrow());
        assert_eq!((self.status.as_u16(), &self.body), expected);
    }
}
