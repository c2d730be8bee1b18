//! Subscriptions of companies, and the plans they are for.

use crate::db::engine::Tx;
use crate::error::Result;
use tawzi_core::id::CompanyId;
use tawzi_core::money::Budget;
use tawzi_core::time::Timestamp;

row! {
    /// A subscription with its plan.
    pub struct Subscription {
        /// Its id.
        pub id: i64,
        /// The plan's id.
        pub plan_id: i64,
        /// The plan's name.
        pub plan_name: String,
        /// The plan's name in Arabic.
        pub plan_name_ar: String,
        /// Whether it is paid for.
        pub is_active: bool,
        /// Whether it renews by itself.
        pub auto_renew: bool,
        /// From when.
        pub start_date: Timestamp,
        /// Until when.
        pub end_date: Timestamp,
    }
}

row! {
    /// What a company can subscribe to.
    pub struct Plan {
        /// Its id.
        pub id: i64,
        /// Its name.
        pub name: String,
        /// Its name in Arabic.
        pub name_ar: String,
        /// What it is about.
        pub description: String,
        /// The same in Arabic.
        pub description_ar: String,
        /// What it costs a month.
        pub price_monthly: Budget,
        /// What it costs a year.
        pub price_yearly: Budget,
        /// For how many days it can be tried.
        pub trial_days: i64,
        /// How many users a company can have: a number, or `unlimited`.
        pub users: String,
        /// How many clients a company can have: a number, or `unlimited`.
        pub clients: String,
        /// How many gigabytes a company can store.
        pub storage: i64,
    }
}

/// An active subscription to be created.
#[derive(Clone, Copy, Debug)]
pub struct NewSubscription<'a> {
    /// The plan's name; a plan of that name is created when there is none.
    pub plan: &'a str,
    /// The plan's name in Arabic.
    pub plan_ar: &'a str,
    /// From when.
    pub start: Timestamp,
    /// Until when.
    pub end: Timestamp,
}

statements! {
    const FIND_PLAN = ["SELECT id FROM plan WHERE name = $1 ORDER BY id LIMIT 1"];
    const INSERT_PLAN = ["INSERT INTO plan (id, name, name_ar) VALUES ($1, $2, $3)"];
    const INSERT = [
        "INSERT INTO subscription (id, company_id, plan_id, is_active, auto_renew, start_date,
             end_date, created_at, updated_at)
         VALUES ($1, $2, $3, TRUE, TRUE, $4, $5, $4, $4)"
    ];

    impl Reader {
        /// The subscription that counts for a company: its newest active one, else its newest.
        pub fn subscription(company: CompanyId) -> Option<Subscription> {
            "SELECT s.id, s.plan_id, p.name AS plan_name, p.name_ar AS plan_name_ar, s.is_active,
                 s.auto_renew, s.start_date, s.end_date
             FROM subscription s
             JOIN plan p ON p.id = s.plan_id
             WHERE s.company_id = $1
             ORDER BY s.is_active DESC, s.created_at DESC, s.id DESC
             LIMIT 1"
        }

        /// The plans that are offered to everybody, by id.
        pub fn plans() -> Vec<Plan> {
            "SELECT id, name, name_ar, description, description_ar, price_monthly, price_yearly,
                 trial_days, users, clients, storage
             FROM plan
             WHERE visible
             ORDER BY id"
        }
    }
}

impl Tx {
    /// Subscribes the company.
    pub async fn create_subscription(
        &mut self,
        company: CompanyId,
        new: NewSubscription<'_>,
    ) -> Result<()> {
        let found: Option<i64> = fetch!(self, FIND_PLAN, new.plan)?;
        let plan = if let Some(plan) = found {
            plan
        } else {
            let plan = self.writer().take_number("plan").await?;
            execute!(self, INSERT_PLAN, plan, new.plan, new.plan_ar)?;
            plan
        };
        let id = self.writer().take_number("subscription").await?;
        execute!(self, INSERT, id, company, plan, new.start, new.end)
    }
}
