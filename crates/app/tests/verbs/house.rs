//! A company to test with: an administrator, employees, a clock that stands still.

use std::ops::Deref;
use std::sync::atomic::{AtomicI64, Ordering};
use tawzi_app::{Actor, ClientWithPhones, Clock, Contacts, Draft, Intake, Result};
use tawzi_core::client::{ClientType, Priority};
use tawzi_core::company::ReAssignHours;
use tawzi_core::id::{ClientId, CompanyId, StatusId, UserId};
use tawzi_core::status::StatusCategory;
use tawzi_core::time::Timestamp;
use tawzi_store::{
    ClientEvent, CompanySettings, Db, Durability, NewCompany, NewStatus, NewSubscription, NewUser,
    User, Viewer,
};
use tempfile::TempDir;

pub(crate) const NOON: Timestamp = Timestamp::from_microseconds(1_764_676_800_000_000);

static NUMBER: AtomicI64 = AtomicI64::new(1);

pub(crate) struct House {
    pub(crate) db: Db,
    pub(crate) clock: Clock,
    pub(crate) intake: Intake,
    pub(crate) contacts: Contacts,
    pub(crate) company: CompanyId,
    pub(crate) admin: Member,
    pub(crate) employees: Vec<Member>,
    _folder: TempDir,
}

/// A person of a company, who asks.
#[derive(Clone)]
pub(crate) struct Member(Actor);

impl Member {
    pub(crate) fn user(&self) -> &User {
        self.0.user().unwrap()
    }

    pub(crate) fn id(&self) -> UserId {
        self.user().id
    }
}

impl Deref for Member {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.0
    }
}

impl House {
    /// A company that assigns and re-assigns (after 24 hours), with so many idle employees.
    pub(crate) async fn with_employees(employees: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("tawzi.db").display());
        let db = Db::open(&url.parse().unwrap(), Durability::Relaxed)
            .await
            .unwrap();
        db.migrate().await.unwrap();
        let clock = Clock::manual(NOON);
        let (intake, _writer) = Intake::start(db.clone(), clock.clone());
        let (contacts, _writer) = Contacts::start(db.clone(), clock.clone());
        let (company, admin) = found(&db, "acme.example").await;
        let mut house = Self {
            db,
            clock,
            intake,
            contacts,
            company,
            admin,
            employees: Vec::new(),
            _folder: folder,
        };
        for _ in 0..employees {
            let employee = house.hire(house.company, "employee").await;
            house.employees.push(employee);
        }
        house
    }

    /// Another company with its own administrator, in the same database.
    pub(crate) async fn neighbour(&self) -> (CompanyId, Member) {
        found(&self.db, "neighbour.example").await
    }

    pub(crate) async fn hire(&self, company: CompanyId, role: &str) -> Member {
        hire(&self.db, company, role).await
    }

    pub(crate) async fn status(&self, name: &str, category: StatusCategory) -> StatusId {
        let mut tx = self.db.begin().await.unwrap();
        let status = NewStatus {
            name,
            category,
            color: "#808080",
            is_default: false,
        };
        let id = tx
            .tenant_tx(self.company)
            .create_status(status, NOON)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// A client of a name of its own, as nobody in particular wants it.
    pub(crate) fn draft(&self) -> Draft {
        Draft {
            company: self.company,
            name: format!("عميل {}", NUMBER.fetch_add(1, Ordering::Relaxed)),
            priority: Priority::Low,
            client_type: ClientType::Fresh,
            channel: None,
            status: None,
            budget: None,
            phone_number: None,
            phones: Vec::new(),
            assigned_to: None,
        }
    }

    pub(crate) async fn create(&self, draft: Draft) -> Result<ClientWithPhones> {
        self.intake
            .create(&self.admin, draft, None, self.clock.now())
            .await
    }

    /// A client that arrives and goes where the rule sends it.
    pub(crate) async fn arrival(&self) -> ClientId {
        self.create(self.draft()).await.unwrap().client.id
    }

    /// A client given to that person.
    pub(crate) async fn client_of(&self, holder: &Member) -> ClientId {
        let draft = Draft {
            assigned_to: Some(holder.id()),
            ..self.draft()
        };
        self.create(draft).await.unwrap().client.id
    }

    pub(crate) async fn holder(&self, client: ClientId) -> Option<UserId> {
        self.client(client).await.assigned_to
    }

    pub(crate) async fn client(&self, client: ClientId) -> tawzi_store::Client {
        let mut reader = self.db.read().await.unwrap();
        let mut tenant = reader.tenant(self.company);
        tenant
            .client(client, Viewer::Everything)
            .await
            .unwrap()
            .unwrap()
    }

    /// The client's timeline, the newest first.
    pub(crate) async fn events(&self, client: ClientId) -> Vec<ClientEvent> {
        let mut reader = self.db.read().await.unwrap();
        let mut tenant = reader.tenant(self.company);
        tenant
            .events(Viewer::Everything, Some(client), 0, 100)
            .await
            .unwrap()
    }

    /// How many clients each employee holds, in the order of hiring, by the counters; which must
    /// agree with counting.
    pub(crate) async fn loads(&self) -> Vec<i64> {
        let mut reader = self.db.read().await.unwrap();
        let mut tenant = reader.tenant(self.company);
        assert_eq!(tenant.load_differences().await.unwrap(), []);
        let roster = tenant.roster().await.unwrap();
        let load = |employee: &Member| {
            let entry = roster
                .iter()
                .find(|entry| entry.member.user == employee.id());
            entry.map_or(0, |entry| entry.member.clients.total())
        };
        self.employees.iter().map(load).collect()
    }

    /// Switches the company's settings.
    pub(crate) async fn set(&self, auto_assign: bool, re_assign: bool) {
        let mut tx = self.db.begin().await.unwrap();
        let company = tx.company(self.company).await.unwrap().unwrap();
        let settings = CompanySettings {
            auto_assign_enabled: auto_assign,
            re_assign_enabled: re_assign,
            ..company.settings()
        };
        tx.save_settings(self.company, settings).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Lets a person receive clients, or not.
    pub(crate) async fn set_active(&self, person: &Member, active: bool) {
        let mut tx = self.db.begin().await.unwrap();
        tx.save_active(person.id(), active).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) fn after_hours(&self, hours: i64) -> Timestamp {
        let later = NOON.plus_seconds(hours * 3600);
        self.clock.move_to(later);
        later
    }
}

async fn found(db: &Db, domain: &str) -> (CompanyId, Member) {
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

async fn hire(db: &Db, company: CompanyId, role: &str) -> Member {
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
    Member(Actor::new(user))
}
