//! The worker: what is to happen at a time, and the jobs that come of it. Any number of workers
//! may run beside each other; each tick and each job is one worker's.

mod clocks;
mod cron;
mod dispatch;
mod outcome;
mod schedule;
mod worker;

pub use clocks::examine_schedule;
pub use cron::BadCron;
pub use schedule::{HOURLY, ScheduleChange, SetUpError, first_tick, set_up_schedule};
pub use worker::{LEASE, Worker};
