//! One type per kind of identifier, so that a client's id cannot be used as a user's.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// The identifier with this number.
            pub const fn new(number: i64) -> Self {
                Self(number)
            }

            /// The number, as it is stored and sent.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

ids! {
    /// A company: the tenant that owns clients, employees and settings.
    CompanyId;
    /// A person who can sign in.
    UserId;
    /// A client (lead) of a company.
    ClientId;
    /// A phone number of a client.
    PhoneNumberId;
    /// A client status of a company.
    StatusId;
    /// A stage of a company's client tasks.
    StageId;
    /// A channel (communication way) of a company.
    ChannelId;
    /// An activity logged on a client.
    ClientTaskId;
    /// A line of a client's timeline.
    ClientEventId;
    /// One run of the sweep over all companies.
    SweepId;
    /// A job of the worker's queue.
    JobId;
    /// A key with which another program acts for a company.
    ApiKeyId;
    /// A line of the security log.
    AuditEntryId;
}
