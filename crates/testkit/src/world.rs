//! A company to test with: an administrator, employees, a clock that stands still.

use crate::{MAIL_SERVER, NOON, SECRET, TestDatabase, application, mailer};
use std::ops::Deref;
use std::sync::atomic::{AtomicI64, Ordering};
use tawzi_app::{
    Actor, App, ClientChange, ClientWithPhones, Clock, Keys, Mailer, Queues, Result, create_client,
};
use tawzi_core::client::{ClientType, Priority};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::{ClientId, CompanyId, StatusId, UserId};
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_store::{
    ClientEvent, Db, EngineKind, NewCompany, NewSubscription, NewUser, Status, User, Viewer,
};

static NUMBER: AtomicI64 = AtomicI64::new(1);

/// A company in a database of its own, and an application.
#[derive(Debug)]
pub struct World {
    /// What the verbs work with.
    pub app: App,
    /// The clock, which stands still until it is moved.
    pub clock: Clock,
    /// What tokens are signed with.
    pub keys: Keys,
    /// The company.
    pub company: CompanyId,
    /// Its administrator.
    pub admin: TestUser,
    /// Its employees, in the order of hiring.
    pub employees: Vec<TestUser>,
    /// What the application works on.
    pub database: TestDatabase,
}

/// A person of a company, who asks.
#[derive(Clone, Debug)]
pub struct TestUser(Actor);

impl TestUser {
    /// The row of the table of users.
    pub fn user(&self) -> &User {
        self.0.user().unwrap()
    }

    /// Its id.
    pub fn id(&self) -> UserId {
        self.user().id
    }
}

impl Deref for TestUser {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.0
    }
}

impl World {
    /// A company that assigns and re-assigns (after 24 hours), with so many idle employees, on `SQLite`.
    pub async fn with_employees(employees: usize) -> Self {
        Self::on(EngineKind::Sqlite, employees).await
    }

    /// Such a company on that engine.
    pub async fn on(engine: EngineKind, employees: usize) -> Self {
        let database = TestDatabase::empty(engine).await;
        let db = database.open().await;
        db.migrate().await.unwrap();
        let (company, admin) = found(&db, "acme.example").await;
        let clock = Clock::manual(NOON);
        let mut world = Self {
            app: application(db, clock.clone(), Some(mailer(MAIL_SERVER))),
            clock,
            keys: Keys::new(SECRET),
            company,
            admin,
            employees: Vec::new(),
            database,
        };
        for _ in 0..employees {
            let employee = world.hire(world.company, "employee").await;
            world.employees.push(employee);
        }
        world
    }

    /// Another server on the database, which mails in that way.
    pub fn server(&self, mailer: Option<Mailer>) -> (App, Queues) {
        let keys = self.keys.clone();
        App::start(self.app.db().clone(), self.clock.clone(), keys, mailer)
    }

    /// Another company with its own administrator, in the same database.
    pub async fn neighbour(&self) -> (CompanyId, TestUser) {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        found(self.app.db(), &format!("{number}.example")).await
    }

    /// Somebody new of that role in a company of the database.
    pub async fn hire(&self, company: CompanyId, role: &str) -> TestUser {
        hire(self.app.db(), company, role).await
    }

    /// A new status of the company.
    pub async fn status(&self, name: &str, category: StatusCategory) -> StatusId {
        let mut tx = self.app.db().begin().await.unwrap();
        let status = Status::new(name, category, NOON);
        let mut tenant = tx.tenant_tx(self.company);
        let status = tenant.create_status(status).await.unwrap();
        tx.commit().await.unwrap();
        status.id
    }

    /// A client of a name of its own, as nobody in particular wants it.
    pub fn draft(&self) -> ClientChange {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        ClientChange {
            company: Some(self.company),
            name: Some(format!("عميل {number}")),
            priority: Some(Priority::Low),
            client_type: Some(ClientType::Fresh),
            ..ClientChange::default()
        }
    }

    /// Creates a client, as the administrator.
    pub async fn create(&self, draft: ClientChange) -> Result<ClientWithPhones> {
        create_client(&self.app, &self.admin, draft, None).await
    }

    /// A client that arrives and goes where the rule sends it.
    pub async fn arrival(&self) -> ClientId {
        self.create(self.draft()).await.unwrap().client.id
    }

    /// A client given to that person.
    pub async fn client_of(&self, assignee: &TestUser) -> ClientId {
        let draft = ClientChange {
            assigned_to: Some(Some(assignee.id())),
            ..self.draft()
        };
        self.create(draft).await.unwrap().client.id
    }

    /// Who has the client.
    pub async fn assignee(&self, client: ClientId) -> Option<UserId> {
        self.client(client).await.assigned_to
    }

    /// The row of the client.
    pub async fn client(&self, client: ClientId) -> tawzi_store::Client {
        let mut reader = self.app.db().read().await.unwrap();
        let mut tenant = reader.tenant(self.company);
        tenant
            .client(client, Viewer::Everything)
            .await
            .unwrap()
            .unwrap()
    }

    /// The client's timeline, the newest first.
    pub async fn events(&self, client: ClientId) -> Vec<ClientEvent> {
        let mut reader = self.app.db().read().await.unwrap();
        let mut tenant = reader.tenant(self.company);
        tenant
            .events(Viewer::Everything, Some(client), 0, 100)
            .await
            .unwrap()
    }

    /// How many clients each employee holds, in the order of hiring, by the counters; which must
    /// agree with counting.
    pub async fn loads(&self) -> Vec<i64> {
        let mut reader = self.app.db().read().await.unwrap();
        let mut tenant = reader.tenant(self.company);
        assert_eq!(tenant.load_differences().await.unwrap(), []);
        let roster = tenant.roster().await.unwrap();
        let load = |employee: &TestUser| {
            let entry = roster.iter().find(|entry| entry.load.user == employee.id());
            entry.map_or(0, |entry| entry.load.clients.total())
        };
        self.employees.iter().map(load).collect()
    }

    /// Switches the company's settings.
    pub async fn set(&self, auto_assign: bool, re_assign: bool) {
        let mut tx = self.app.db().begin().await.unwrap();
        let mut company = tx.company(self.company).await.unwrap().unwrap();
        company.auto_assign_enabled = auto_assign;
        company.re_assign_enabled = re_assign;
        tx.save_company(&company).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Lets a person receive clients, or not.
    pub async fn set_active(&self, person: &TestUser, active: bool) {
        let mut tx = self.app.db().begin().await.unwrap();
        tx.save_active(person.id(), active).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Moves the clock to so many hours after noon.
    pub fn after_hours(&self, hours: i64) -> Timestamp {
        let later = NOON.plus_seconds(hours * 3600);
        self.clock.move_to(later);
        later
    }
}

async fn found(db: &Db, domain: &str) -> (CompanyId, TestUser) {
    let mut tx = db.begin().await.unwrap();
    let company = NewCompany {
        name: "Acme",
        domain,
        specialization: "services",
        auto_assign_enabled: true,
        re_assign_enabled: true,
        re_assign_hours: ReAssignHours::DEFAULT,
        created_at: NOON,
    };
    let company = tx.create_company(company).await.unwrap();
    let subscription = NewSubscription {
        plan: "Gold",
        plan_ar: "ذهبي",
        start: NOON,
        end: NOON.plus_seconds(3600),
    };
    tx.create_subscription(company, subscription).await.unwrap();
    tx.commit().await.unwrap();
    (company, hire(db, company, "admin").await)
}

async fn hire(db: &Db, company: CompanyId, role: &str) -> TestUser {
    let username = format!("{role}{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let mut tx = db.begin().await.unwrap();
    let user = NewUser {
        company: Some(company),
        username: &username,
        email: &format!("{username}@acme.example"),
        first_name: "",
        last_name: "",
        phone: None,
        role,
        password_hash: "!",
        is_superuser: false,
        date_joined: NOON,
    };
    let id = tx.create_user(user).await.unwrap();
    let user = tx.user(id).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    TestUser(Actor::new(user))
}
