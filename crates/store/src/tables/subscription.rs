//! Subscriptions of companies, and the plans they are for.

use crate::db::engine::{Reader, Tx};
use crate::db::sequence::Sequence;
use crate::error::Result;
use tawzi_core::id::CompanyId;
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
    /// The newest active one, else the newest.
    READ_CURRENT = [
        "SELECT s.id, s.plan_id, p.name AS plan_name, p.name_ar AS plan_name_ar, s.is_active,
             s.auto_renew, s.start_date, s.end_date
         FROM subscription s
         JOIN plan p ON p.id = s.plan_id
         WHERE s.company_id = $1
         ORDER BY s.is_active DESC, s.created_at DESC, s.id DESC
         LIMIT 1"
    ];
    READ_PLANS = ["SELECT id, name, name_ar FROM plan ORDER BY id"];
    FIND_PLAN = ["SELECT id FROM plan WHERE name = $1 ORDER BY id LIMIT 1"];
    INSERT_PLAN = ["INSERT INTO plan (id, name, name_ar) VALUES ($1, $2, $3)"];
    INSERT = [
        "INSERT INTO subscription (id, company_id, plan_id, is_active, auto_renew, start_date,
             end_date, created_at, updated_at)
         VALUES ($1, $2, $3, TRUE, TRUE, $4, $5, $4, $4)"
    ];
}

impl Reader {
    /// The subscription that counts for a company: its newest active one, else its newest.
    pub async fn subscription(&mut self, company: CompanyId) -> Result<Option<Subscription>> {
        fetch_optional!(self, Subscription, READ_CURRENT, company.get())
    }

    /// The plans, by id.
    pub async fn plans(&mut self) -> Result<Vec<Plan>> {
        fetch_all!(self, Plan, READ_PLANS)
    }
}

impl Tx {
    /// Subscribes the company.
    pub async fn create_subscription(
        &mut self,
        company: CompanyId,
        new: NewSubscription<'_>,
    ) -> Result<()> {
        let found = fetch_optional!(self, (i64,), FIND_PLAN, new.plan)?;
        let plan = if let Some((plan,)) = found {
            plan
        } else {
            let plan = self.take_id(Sequence::Plan).await?;
            execute!(self, INSERT_PLAN, plan, new.plan, new.plan_ar)?;
            plan
        };
        let id = self.take_id(Sequence::Subscription).await?;
        execute!(
            self,
            INSERT,
            id,
            company.get(),
            plan,
            new.start.microseconds(),
            new.end.microseconds()
        )?;
        Ok(())
    }
}
